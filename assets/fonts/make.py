#!/usr/bin/env python3
"""Makes signs.ttf and signs-bold.ttf: the signs of the window's texts that
Fyne's own fonts lack, out of DejaVu Sans, with the line height of Noto Sans.

usage: make.py FOLDER      FOLDER holds DejaVuSans.ttf and DejaVuSans-Bold.ttf; needs fonttools
"""
import sys
from pathlib import Path
from fontTools import subset, ttLib

SIGNS = "←↑→↓−√∞≤≥▲⚠✓✕"
SPACES = " \u00a0"  # what follows a sign is drawn in its font

for source, name in (("DejaVuSans.ttf", "signs"), ("DejaVuSans-Bold.ttf", "signs-bold")):
    font = ttLib.TTFont(Path(sys.argv[1]) / source)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 13], notdef_outline=True)
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "kern"]
    cut = subset.Subsetter(options)
    cut.populate(text=SIGNS + SPACES)
    cut.subset(font)
    for number, text in {1: "Filterscope Signs", 2: "Regular", 4: "Filterscope " + name, 6: "Filterscope-" + name}.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    for space in SPACES:
        font["hmtx"][font.getBestCmap()[ord(space)]] = (round(0.26 * font["head"].unitsPerEm), 0)
    up, down = (round(v * font["head"].unitsPerEm) for v in (1.069, 0.293))
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = up, -down, 0
    font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = up, -down, 0
    font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = up, down
    font.save(Path(__file__).parent / (name + ".ttf"))
