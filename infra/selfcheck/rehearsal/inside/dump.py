"""Run in the project's interpreter: everything that a database holds beside rows, as (table, kind, name, definition)."""

from __future__ import annotations

from typing import Any

OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg!_t%' ESCAPE '!'"
NAME = "CASE WHEN n.nspname = 'public' THEN {0} ELSE n.nspname || '.' || {0} END"
TABLE = NAME.format("c.relname")
FREE = "NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = {}.oid AND e.deptype = 'e')"
"""What no extension brought along."""
RELATION = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"

POSTGRESQL = (
    f"""SELECT {TABLE}, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END, '',
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE concat_ws(' ', c.relpersistence::text,
        CASE WHEN c.relrowsecurity THEN 'row security' END, pg_get_partkeydef(c.oid),
        obj_description(c.oid, 'pg_class')) END
        {RELATION} WHERE c.relkind IN ('r', 'p', 'v', 'm') AND {OURS} AND {FREE.format("c")}""",
    f"""SELECT {TABLE}, 'column', a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || l.collname END,
        CASE WHEN a.attnotnull THEN 'not null' END, CASE a.attidentity WHEN '' THEN NULL ELSE 'identity ' ||
        a.attidentity::text END, CASE a.attgenerated WHEN '' THEN NULL ELSE 'generated' END,
        'default ' || pg_get_expr(d.adbin, d.adrelid), 'comment ' || col_description(c.oid, a.attnum))
        {RELATION} JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {OURS} AND {FREE.format("c")}""",
    f"""SELECT {TABLE}, 'index', i.relname, pg_get_indexdef(i.oid)
        {RELATION} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
        WHERE {OURS} AND {FREE.format("c")} AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.oid
        AND o.contype IN ('p', 'u', 'x'))""",
    f"""SELECT {TABLE}, 'constraint', o.conname, pg_get_constraintdef(o.oid)
        {RELATION} JOIN pg_constraint o ON o.conrelid = c.oid
        WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND {OURS} AND {FREE.format("c")}""",
    f"""SELECT {TABLE}, 'trigger', g.tgname, pg_get_triggerdef(g.oid)
        {RELATION} JOIN pg_trigger g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal AND {OURS}""",
    f"""SELECT {TABLE}, 'policy', p.polname, concat_ws(' ', p.polcmd::text, pg_get_expr(p.polqual, c.oid),
        pg_get_expr(p.polwithcheck, c.oid)) {RELATION} JOIN pg_policy p ON p.polrelid = c.oid WHERE {OURS}""",
    f"""SELECT {TABLE}, 'sequence', '', concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
        s.seqmin, s.seqmax, s.seqcycle) {RELATION} JOIN pg_sequence s ON s.seqrelid = c.oid
        WHERE {OURS} AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.deptype IN ('e', 'i'))""",
    f"""SELECT {NAME.format("t.typname")}, 'type', '', (SELECT string_agg(quote_literal(m.enumlabel), ', ' ORDER BY
        m.enumsortorder) FROM pg_enum m WHERE m.enumtypid = t.oid) FROM pg_type t JOIN pg_namespace n ON
        n.oid = t.typnamespace WHERE t.typtype = 'e' AND {OURS} AND {FREE.format("t")}""",
    f"""SELECT {NAME.format("t.typname")}, 'domain', '', concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
        CASE WHEN t.typnotnull THEN 'not null' END, t.typdefault) FROM pg_type t JOIN pg_namespace n ON
        n.oid = t.typnamespace WHERE t.typtype = 'd' AND {OURS} AND {FREE.format("t")}""",
    f"""SELECT {NAME.format("p.proname")}, 'function', pg_get_function_identity_arguments(p.oid),
        pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind IN ('f', 'p') AND {OURS} AND {FREE.format("p")}""",
)


def dump(connection: Any, ledger: str) -> tuple[list[list[str]], list[str]]:
    """The rows, without the table of versions; and the extensions that there are."""
    if connection.dialect.name == "sqlite":
        rows, extensions = _sqlite(connection), []
    else:
        rows = [row for asked in POSTGRESQL for row in connection.exec_driver_sql(asked.replace("%", "%%"))]
        names = connection.exec_driver_sql("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")
        extensions = sorted(str(row[0]) for row in names)
    every = [["" if part is None else str(part) for part in row] for row in rows]
    return sorted(row for row in every if row[0].rpartition(".")[2] != ledger), extensions


def _sqlite(connection: Any) -> list[Any]:
    """Columns as SQLite has them, and texts: what a text of a table says besides is read from it later."""
    asked = "SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    found = [tuple(row) for row in connection.exec_driver_sql(asked.replace("%", "%%"))]
    rows: list[Any] = []
    for table, kind, name, sql in found:
        if kind != "table":
            rows.append((table, kind, name, sql))
            continue
        quoted = '"' + table.replace('"', '""') + '"'
        rows.append((table, "text", "", sql))
        for each in connection.exec_driver_sql(f"PRAGMA table_xinfo({quoted})".replace("%", "%%")):
            parts = (each[2], "not null" if each[3] else "", f"default {each[4]}" if each[4] is not None else "")
            more = (f"key {each[5]}" if each[5] else "", f"hidden {each[6]}" if each[6] else "")
            rows.append((table, "column", each[1], " ".join(part for part in (*parts, *more) if part)))
        keys: dict[int, list[Any]] = {}
        for each in connection.exec_driver_sql(f"PRAGMA foreign_key_list({quoted})".replace("%", "%%")):
            keys.setdefault(each[0], []).append(each)
        for several in keys.values():
            first = several[0]
            columns = ", ".join(str(one[3]) for one in sorted(several, key=lambda one: one[1]))
            others = ", ".join(str(one[4]) for one in sorted(several, key=lambda one: one[1]))
            target = f"{first[2]} ({others}) on update {first[5]} on delete {first[6]}"
            rows.append((table, "foreign key", f"({columns})", target))
    return rows
