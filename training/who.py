"""Who speaks where the clause names nobody: a small network over those named before.

    python training/who.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--weights FOLDER] [--out FOLDER]

The candidates and their numbers are those of musnad.statements.who; the annotated statements stand in for the earlier
ones. The network that finds statements has to be learned first: it says which mention is the likeliest antecedent.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import torch
from torch import nn

from examples import Example, Maker, Target, options
from learning import OUT, collect
from musnad.evaluation import same_name
from musnad.names.naming import name_of
from musnad.scores.scorer import Scorer
from musnad.statements import who
from musnad.statements.draft import Draft
from musnad.statements.reading import Statements, nest

HIDDEN, EPOCHS, RATE, SEED = 32, 30, 3e-3, 7

Case = tuple[Any, list[str], list[str]]  # numbers of the candidates, their names, the right names


def drafts_of(example: Example, scorer: Scorer, finder: Statements) -> list[tuple[Draft, Target]]:
    """The annotated statements as drafts without names, in the order of their cues, with the antecedents that the network finds."""
    page = example.page
    size = len(page.words)
    made = []
    for target in example.targets:
        content = [(page.start[first], page.end[min(last, size) - 1]) for first, last in target.content]
        draft = Draft(
            target.cue, target.stance, content, target.kind, speaker=target.speaker, addressee=target.addressee
        )
        made.append((draft, target))
    made.sort(key=lambda x: x[0].cue_at if x[0].cue_at >= 0 else page.token_at(x[0].content[0][0]))
    finder.look_back(page, scorer.read(page, example.spots), [draft for draft, _ in made if draft.cue_at >= 0])
    nest(page, [draft for draft, _ in made])
    return made


def cases(example: Example, scorer: Scorer, finder: Statements) -> list[Case]:
    """One case for each statement whose clause does not say who speaks."""
    found: list[Case] = []
    page, spots, cast = example.page, example.spots, example.cast
    made = drafts_of(example, scorer, finder)
    drafts = [draft for draft, _ in made]
    for number, (draft, target) in enumerate(made):
        named = name_of(page, spots, cast, draft.speaker) if draft.speaker is not None else None
        if not who.is_open(page, cast, draft):
            right = same_name(target.names, named)
            draft.speaker_name, draft.voice = (named if right else target.names[0]), draft.speaker
        else:
            holder = drafts[draft.within] if draft.within >= 0 else None
            earlier = who.recalled(drafts, number)
            candidates = who.referents(page, spots, cast, draft, earlier, named)
            rows = who.numbers(page, cast, draft, earlier, holder, candidates) if candidates else None
            if rows is not None:
                found.append((rows, [one.name for one in candidates], target.names))
            best = next((one for one in candidates if same_name(target.names, one.name)), None)
            draft.speaker_name = best.name if best else target.names[0]
            draft.voice = best.voice if best else draft.speaker
        if draft.within < 0:
            cast.last_speaker = cast.by_name.get(draft.speaker_name, cast.last_speaker)
    return found


def right_of(case: Case) -> Any:
    return np.array([same_name(case[2], name) for name in case[1]])


def fit(known: list[Case]) -> dict[str, Any]:
    """Learn to choose: the summed share of all candidates that are right is to be high."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    first, second = nn.Linear(who.SIZE, HIDDEN), nn.Linear(HIDDEN, 1, bias=False)
    ready = [
        (torch.from_numpy(rows), torch.from_numpy(right))
        for rows, names, wanted in known
        if (right := right_of((rows, names, wanted))).any()
    ]
    optimiser = torch.optim.AdamW([*first.parameters(), *second.parameters()], lr=RATE, weight_decay=0.03)
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        order = rng.permutation(len(ready))
        for at in range(0, len(order), 32):
            loss = torch.zeros(())
            for n in order[at : at + 32]:
                rows, right = ready[n]
                score = second(torch.relu(first(nn.functional.dropout(rows, 0.1))))[:, 0]
                share = torch.log_softmax(score, 0)
                loss = loss - torch.logsumexp(share[right], 0)
            optimiser.zero_grad()
            (loss / 32).backward()
            optimiser.step()
    return {
        "0.weight": first.weight.detach().numpy(), "0.bias": first.bias.detach().numpy(), "1.weight": second.weight.detach().numpy(),
    }  # fmt: skip


def accuracy(found: list[Case], weights: dict[str, Any]) -> float:
    hit = 0
    for case in found:
        score = np.maximum(case[0] @ weights["0.weight"].T + weights["0.bias"], 0) @ weights["1.weight"][0]
        hit += same_name(case[2], case[1][int(score.argmax())])
    return hit / max(len(found), 1)


def main() -> None:
    args = options(__doc__, OUT)
    torch.set_num_threads(1)
    maker = Maker()
    scorer = Scorer(maker.lexicon, args.out)
    finder = Statements(scorer.statements, args.out)
    examples = collect(maker, args.gold, args.corpora, everything=True)
    held = {id(e) for e in examples if e.source in args.leave_out or (e.use == "check" and not args.everything)}
    known = [case for e in examples if id(e) not in held for case in cases(e, scorer, finder)]
    unseen = [case for e in examples if id(e) in held for case in cases(e, scorer, finder)]
    found = fit(known)
    np.savez(args.out / "who.npz", **{key: value.astype(np.float32) for key, value in found.items()})
    possible = sum(right_of(case).any() for case in unseen) / max(len(unseen), 1)
    print(
        f"{len(known)} cases, right of them {accuracy(known, found):.3f}; {len(unseen)} held out, right {accuracy(unseen, found):.3f}, possible {possible:.3f}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
