"""The language of a file, by its name, or by the program that its first line names. Nothing is guessed from a content."""

import posixpath
import re
from fnmatch import fnmatchcase, translate
from functools import cache

from msgspec import Struct


class Language(Struct, frozen=True):
    """A language by the name that Pygments has for it, and that of the templates which are written in it."""

    name: str
    template: str | None = None

    def __str__(self) -> str:
        return f"{self.name} in {self.template}" if self.template else self.name


MARKDOWN = Language("markdown")
"""The one that Pygments does not read: its Markdown knows no comments, and those in examples it takes for comments."""

_without_comments = """
    .7z .a .avi .avif .bin .bmp .br .bz2 .class .db .dll .dylib .ear .eot .exe .flac .gif .gz .heic .icns .ico .jar
    .jpeg .jpg .lib .lz4 .mov .mp3 .mp4 .mpeg .npy .npz .o .obj .odt .ogg .otf .parquet .pdf .pickle .pkl .png .ppt
    .pptx .psd .pyc .pyd .pyo .rar .so .sqlite .sqlite3 .tar .tgz .tif .tiff .ttf .war .wasm .wav .webm .webp .whl .woff
    .woff2 .xls .xlsx .xz .zip .zst
    .adoc .ambr .asciidoc .csv .diff .geojson .ipynb .json .log .map .ndjson .patch .rst .snap .text .textile .tsv .txt .webmanifest
"""
COMMENTLESS = frozenset(_without_comments.split())
"""What holds no waiver: what is no text, what has no comments, and texts in which code is only shown."""

# What most repositories are written in, for which Pygments need not be asked; and where several of its languages have a
# suffix, or none has, or another reads its comments better.
SUFFIXES = {
    suffix: name
    for name, suffixes in {
        "bash": ".sh .bash .zsh .ksh .bats .dockerfile .env .envrc .just",
        "c": ".c",
        "cpp": ".cc .cpp .cxx .hpp .hxx .h .hh .cp .ipp .tpp",
        "csharp": ".cs",
        "css": ".css",
        "fsharp": ".fs",
        "gas": ".s .S",
        "gdscript": ".gd",
        "gherkin": ".feature",
        "go": ".go",
        "groovy": ".gradle .groovy .jenkinsfile",
        "haskell": ".hs",
        "ini": ".cfg .ini .editorconfig .inf .service .desktop",
        "java": ".java",
        "javascript": ".js .mjs .cjs .es6",
        "json": ".jsonc .json5",
        "jsx": ".jsx",
        "kotlin": ".kt .kts",
        "lean4": ".lean",
        "less": ".less .scss",  # that of SCSS takes what follows a `;` on its line for a selector
        "lua": ".lua",
        "make": ".mk .mak",
        "markdown": ".md .markdown",
        "nasm": ".asm",
        "objective-c": ".m",
        "objective-c++": ".mm",
        "perl": ".pl .pm .t",
        "powershell": ".ps1 .psm1",
        "protobuf": ".proto",
        # That of GraphQL knows no descriptions, whose quotes are Python's.
        "python": ".py .pyi .pyw .graphql .gql .graphqls",
        "ruby": ".rb .rake .gemspec",
        "rust": ".rs",
        "scala": ".scala .sc .sbt",
        "sql": ".sql .ddl .dml .psql .pgsql .mysql",
        "swift": ".swift",
        "terraform": ".tf .tfvars .hcl",
        "toml": ".toml",
        "tsx": ".tsx",
        "typescript": ".ts .cts .mts",
        "vb.net": ".bas",
        "verilog": ".v",
        "vue": ".vue",
        "xml": ".xml .svg .csproj .fsproj .vbproj .props .targets .storyboard .xib .plist .resx .xslt .xsl",
        "yaml": ".yaml .yml .clang-format .clang-tidy",
    }.items()
    for suffix in suffixes.split()
}
NAMES = {
    name: language
    for language, names in {
        "bash": ".dockerignore .env .envrc .gitattributes .gitignore .helmignore .npmignore .prettierignore .eslintignore"
        " .bazelrc CODEOWNERS Containerfile Dockerfile Justfile justfile PKGBUILD",
        "groovy": "Jenkinsfile",
        "ini": ".flake8 .coveragerc .gitconfig .gitmodules .npmrc .pylintrc",
        "make": "Makefile makefile GNUmakefile BSDmakefile",
        "python": "Tiltfile",
        "ruby": "Gemfile Rakefile Vagrantfile Appfile Brewfile Fastfile Podfile",
    }.items()
    for name in names.split()
}
PATTERNS = {
    "CMakeLists.txt": "cmake",
    "meson_options.txt": "meson",
    "*requirements*.txt": "bash",
    "requirements/*.txt": "bash",
    "*constraints*.txt": "bash",
    "*requirements*.in": "bash",
    "Dockerfile.*": "bash",
    ".env.*": "bash",
    "tsconfig*.json": "json",
    "jsconfig*.json": "json",
    ".eslintrc.json": "json",
    "devcontainer.json": "json",
    ".vscode/*.json": "json",
}
"""Names that are no suffix; one with a slash is matched from the folder that the file stands in."""
_special = re.compile("|".join(f"(?:{translate(each if '/' in each else f'*/{each}')})" for each in PATTERNS))
WITHIN = {
    "handlebars": ".hbs .handlebars .mustache",
    "twig": ".twig",
    "erb": ".ejs .rhtml",
    "php": ".php .phtml .inc .php3 .php4 .php5",
    "django": ".html .htm .xhtml .svelte",
}
"""What is HTML around something else; Django's and Jinja's templates have no suffix but that of HTML."""
HTML = {suffix: template for template, suffixes in WITHIN.items() for suffix in suffixes.split()}
TEMPLATES = {".j2": "django", ".jinja": "django", ".jinja2": "django", ".erb": "erb"}
"""Suffixes after that of what the template makes."""

PROGRAM = re.compile(rb"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*(?:\w+=\S*[ \t]+)*)?(?:\S*/)?([A-Za-z]+)")
PROGRAMS = {
    "bash": "bash",
    "bun": "typescript",
    "dash": "bash",
    "deno": "typescript",
    "ksh": "bash",
    "lua": "lua",
    "make": "make",
    "node": "javascript",
    "perl": "perl",
    "php": "php",
    "pwsh": "powershell",
    "python": "python",
    "Rscript": "r",
    "ruby": "ruby",
    "sh": "bash",
    "zsh": "bash",
}


def has_comments(path: str) -> bool:
    """Whether a file of this name may hold comments, of whichever language."""
    return _suffix(path) not in COMMENTLESS or _by_pattern(path) is not None


def by_name(path: str) -> Language | None:
    """The language that the name of a file tells."""
    stem, suffix = posixpath.splitext(path)
    if suffix in TEMPLATES:
        inner = by_name(stem)
        return Language(inner.name if inner and inner != MARKDOWN else "text", TEMPLATES[suffix])
    if suffix in HTML:
        return Language("html", HTML[suffix])
    name = _by_pattern(path) or NAMES.get(posixpath.basename(path)) or SUFFIXES.get(_suffix(path)) or _pygments(path)
    return Language(name) if name else None


def by_first_line(content: bytes) -> Language | None:
    """The language of a script, by the program that runs it."""
    found = PROGRAM.match(content)
    name = PROGRAMS.get(found[1].decode()) if found else None
    if name == "php":
        return Language("html", "php")
    return Language(name) if name else None


def _suffix(path: str) -> str:
    """The last suffix; of a name that begins with a dot and has no other, the name."""
    name = posixpath.basename(path)
    return name[name.rindex(".") :] if "." in name else ""


def _by_pattern(path: str) -> str | None:
    name = posixpath.basename(path)
    near = posixpath.join(posixpath.basename(posixpath.dirname(path)), name)
    # One pattern for all: most names match none, and a tree has many.
    if _special.match(near if "/" in near else f"/{near}") is None:
        return None
    return next((PATTERNS[each] for each in PATTERNS if fnmatchcase(near if "/" in each else name, each)), None)


def _pygments(path: str) -> str | None:
    """The one language of Pygments that has such names; where it has several, which of them it is cannot be told."""
    suffixes, patterns = _known()
    if (suffix := _suffix(path)) in suffixes:
        return suffixes[suffix]
    name = posixpath.basename(path)
    found = {alias for pattern, alias in patterns if fnmatchcase(name, pattern)}
    return found.pop() if len(found) == 1 else None


@cache
def _known() -> tuple[dict[str, str | None], list[tuple[str, str]]]:
    """Pygments' languages by suffix, None for one that several have, and by whatever else their names may be."""
    # A heavy library: only a tree with waivers in comments needs it. Its plugins would differ from machine to machine.
    from pygments.lexers import get_all_lexers

    suffixes: dict[str, str | None] = {}
    patterns: list[tuple[str, str]] = []
    for _, aliases, names, _ in get_all_lexers(plugins=False):
        for name in names if aliases else ():
            if re.fullmatch(r"\*\.[\w+-]+", name):
                suffixes[name[1:]] = None if name[1:] in suffixes else aliases[0]
            else:
                patterns.append((name, aliases[0]))
    return suffixes, patterns
