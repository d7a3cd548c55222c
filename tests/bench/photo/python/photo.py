"""A photo from bytes to two clean JPEG files, as often as asked for: photo.py FILE ROUNDS

Or makes such a file: photo.py make FILE
"""

import io
import json
import random
import sys
from pathlib import Path

from PIL import Image, ImageOps

PIXELS = (4032, 3024)


def clean(file):
    image = Image.open(io.BytesIO(file))
    # The smaller one first: there is less to turn then.
    image.thumbnail((2048, 2048))
    image = ImageOps.exif_transpose(image).convert("RGB")
    large, small = io.BytesIO(), io.BytesIO()
    image.save(large, "JPEG", quality=85, exif=b"", icc_profile=None)
    little = image.copy()
    little.thumbnail((480, 480))
    little.save(small, "JPEG", quality=80, exif=b"", icc_profile=None)
    return {"large": len(large.getvalue()), "small": len(small.getvalue()), "size": image.size}


def make(path):
    """What a phone makes: 12 million pixels of large and small things, turned, with a place."""
    lot = random.Random(1)
    image = Image.new("RGB", PIXELS)
    for parts, share in ((8, 0.5), (64, 0.3), (512, 0.15), (2016, 0.08)):
        width, height = parts, parts * 3 // 4
        spots = Image.frombytes("RGB", (width, height), lot.randbytes(width * height * 3))
        image = Image.blend(image, spots.resize(PIXELS, Image.Resampling.BICUBIC), share)
    exif = Image.Exif()
    exif[0x0112] = 6
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (35.0, 7.0, 24.5), "E", (139.0, 7.0, 24.5)
    image.save(path, "JPEG", quality=92, exif=exif)


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    photo = Path(sys.argv[1]).read_bytes()
    for _ in range(int(sys.argv[2])):
        kept = clean(photo)
    print(json.dumps(kept))
