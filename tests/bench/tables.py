"""What the tables of the benchmarks have in common."""

import io
import zipfile


def print_row(title, cells):
    print(f"| {title} | {' | '.join(cells)} |")


def megabytes(size):
    return f"{size / 1_000_000:.2f} MB"


def kilobytes(size):
    return f"{size / 1_000:.1f} KB"


def verdict(is_met):
    return "met" if is_met else "missed"


def zipped(file):
    """How many bytes a file has in a zip, as `sam deploy` uploads it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(file, file.name)
    return len(packed.getvalue())
