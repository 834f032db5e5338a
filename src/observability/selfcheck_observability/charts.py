"""Numbers as a line of blocks for a terminal, and as a chart in SVG. Pure."""

from collections.abc import Sequence
from html import escape

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH, HEIGHT, MARGIN = 640, 160, 24


def spark(values: Sequence[float]) -> str:
    """One block a value, from the least to the most; values that are all the same are all low."""
    if not values:
        return ""
    low, high = min(values), max(values)
    span = high - low
    return "".join(BLOCKS[round((value - low) / span * (len(BLOCKS) - 1)) if span else 0] for value in values)


def chart(title: str, values: Sequence[float]) -> str:
    """A line over the runs, from zero to the most, with both written beside it."""
    most = max(values, default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    floor = HEIGHT - MARGIN
    points = [(MARGIN + number * step, floor - value / most * (floor - MARGIN)) for number, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="#0969da"/>' for x, y in points[-1:])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="11"><title>{escape(title)}</title>'
        f'<line x1="{MARGIN}" y1="{floor}" x2="{WIDTH - MARGIN}" y2="{floor}" stroke="#8c959f"/>'
        f'<polyline points="{line}" fill="none" stroke="#0969da" stroke-width="1.5"/>{dots}'
        f'<text x="{MARGIN}" y="{MARGIN - 8}" fill="#57606a">{escape(title)}: most {most:,.10g}</text></svg>\n'
    )
