"""What the site is made of besides the pages in this folder: the reference of the commands, and pages of the repository.

Pages under `ar/` are Arabic: their frame is set from right to left.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
#: Pages of the repository that the site shows too, by their address there.
BESIDE = {"benchmarks/RESULTS.md": "results.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that do not stand in the folder."""
    files.append(File.generated(config, "commands.md", content=commands()))
    for source, page in BESIDE.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=_led_here(text, source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links that leave the folder to the page of the site that shows what they mean."""
    if page.file.generated_by or page.file.src_uri.endswith(".ipynb"):
        return markdown
    return _led_here(markdown, f"docs/{page.file.src_uri}", page.file.src_uri.count("/"))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead the links of a notebook to other pages: MkDocs follows only those of Markdown."""
    if not page.file.src_uri.endswith(".ipynb"):
        return html
    return re.sub(r'href="([\w/-]+)\.md(#[^"]*)?"', r'href="../\1/\2"', html)


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Any) -> dict[str, Any]:
    """Give the frame of a page its language and direction."""
    arabic = page.file.src_uri.startswith("ar/")
    config.theme["language"] = "ar" if arabic else "en"
    config.theme["direction"] = "rtl" if arabic else "ltr"
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """The choice of languages looks for a list of pages under each of them."""
    site = Path(config.site_dir)
    shutil.copy(site / "sitemap.xml", site / "ar" / "sitemap.xml")


def _led_here(markdown: str, source: str, deep: int = 0) -> str:
    """Links between files of the repository as links between pages of the site; `deep`: folders above the page."""

    def led(match: re.Match[str]) -> str:
        target, anchor = match.group(1), match.group(2) or ""
        if "://" in target:
            return match.group(0)
        meant = (ROOT / source).parent.joinpath(target).resolve()
        if not meant.is_relative_to(ROOT):
            return match.group(0)
        name = meant.relative_to(ROOT).as_posix()
        if name in BESIDE:
            return f"]({'../' * deep}{BESIDE[name]}{anchor})"
        if name.startswith("docs/") and not source.startswith("docs/"):
            return f"]({name.removeprefix('docs/')}{anchor})"
        return match.group(0)

    return _LINK.sub(led, markdown)


def commands() -> str:
    """Return the reference of the commands, made from the commands themselves."""
    import importlib

    import typer.main

    from musnad.cli import MODULES
    from musnad.cli.app import app

    for name in MODULES:
        importlib.import_module(f"musnad.cli.{name}")
    group: Any = typer.main.get_command(app)
    parts: dict[str, list[Any]] = {}
    for command in group.commands.values():
        parts.setdefault(command.rich_help_panel, []).append(command)
    lines = ["# Commands", "", "Made from the commands themselves; `musnad COMMAND -h` shows the same.", ""]
    for part, members in parts.items():
        lines += [f"## {part}", ""]
        for command in members:
            lines += _described(command, f"musnad {command.name}")
    return "\n".join(lines)


def _described(command: Any, called: str) -> Iterator[str]:
    """One command, or a group with its own."""
    yield from (f"### {called}", "", command.help or "", "")
    if hasattr(command, "commands"):
        for inner in command.commands.values():
            yield from _described(inner, f"{called} {inner.name}")
        return
    rows = [_row(parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    rows = [row for row in rows if row is not None]
    if rows:
        yield from ("| | | default |", "|---|---|---|", *rows, "")


def _row(parameter: Any) -> str | None:
    if "--help" in parameter.opts:
        return None
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
        said = getattr(parameter, "help", "") or ""
    else:
        name = ", ".join((*reversed(parameter.opts), *parameter.secondary_opts))
        said = parameter.help or ""
    default = parameter.default
    shown = (
        ""
        if default is None or default is False or callable(default) or parameter.required
        else f"`{getattr(default, 'value', default)}`"
    )
    variables = parameter.envvar or ()
    variables = [variables] if isinstance(variables, str) else variables
    said += "".join(f" Variable: `{variable}`." for variable in variables)
    return f"| `{name}` | {said} | {shown} |"
