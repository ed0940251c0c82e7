"""Shells complete commands and options: each real shell that is here is asked, as a person does by the tabulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

#: How each shell loads the completion, and tells what it would offer for a line.
ASKED = {
    "bash": 'eval "$(_MUSNAD_COMPLETE=source_bash musnad)"; {words}; COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); '
    '_musnad_completion musnad; printf "%s\\n" "${{COMPREPLY[@]}}"',
    "fish": "_MUSNAD_COMPLETE=source_fish musnad | source; complete -C '{line}'",
}


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """The environment of a shell in which `musnad` is a command."""
    command = tmp_path / "bin" / "musnad"
    command.parent.mkdir()
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT / 'src')!r})\nsys.argv[0] = 'musnad'\n"
        "from musnad.cli import main\nmain()\n"
    )
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}


@pytest.mark.parametrize("name", list(ASKED))
@pytest.mark.parametrize(
    ("line", "offered"),
    [("musnad se", {"search", "serve"}), ("musnad search x --st", {"--stance"}), ("musnad entities me", {"merge"})],
)
def test_a_shell_offers_commands_and_options(name: str, line: str, offered: set[str], shell: dict[str, str]) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not here")
    words = "COMP_WORDS=(" + " ".join(f"'{word}'" for word in line.split(" ")) + ")"
    done = subprocess.run(
        [name, "-c", ASKED[name].format(line=line, words=words)], env=shell, capture_output=True, text=True, check=False
    )
    assert {row.split("\t")[0] for row in done.stdout.split("\n") if row} == offered, done.stderr


def test_zsh_offers_commands(shell: dict[str, str], tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not here")
    loaded = 'autoload -U compinit; compinit -u; eval "$(_MUSNAD_COMPLETE=source_zsh musnad)"; PROMPT="ready> "\n'
    (tmp_path / ".zshrc").write_text(loaded)
    child = pexpect.spawn("zsh", ["-i"], env={**shell, "TERM": "dumb"}, encoding="utf-8", timeout=60)
    child.expect("ready> ")
    child.send("musnad searc\t")
    child.expect("musnad search ")
    child.close(force=True)


def test_what_is_wrong_in_the_settings_does_not_disturb_it(shell: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("nonsense = 1\n")
    environment = {**shell, "MUSNAD_CONFIG": str(tmp_path / "wrong.toml"), "_MUSNAD_COMPLETE": "complete_bash"}
    done = subprocess.run(
        ["musnad"], env={**environment, "COMP_WORDS": "musnad se", "COMP_CWORD": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["search", "serve"], "")
