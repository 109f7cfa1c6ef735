#!/usr/bin/env bash
# Makes the font files of this folder from Debian's font packages and one npm package. Only a maintainer who changes the
# set runs it; it needs apt-get, dpkg-deb, npm, python3 with venv, and the network.
set -euo pipefail

readonly out="$(cd "$(dirname "$0")" && pwd)"
readonly work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools
tools/bin/pip -q install 'fonttools==4.*'
apt-get download fonts-noto-core fonts-noto-extra fonts-noto-cjk-extra
for package in *.deb; do dpkg-deb -x "$package" root; done
npm pack --silent @expo-google-fonts/noto-emoji@0.4.7 >/dev/null && tar -xf expo-*.tgz

subset() { # <source> <target> [pyftsubset option ...]
  local source=$1 target=$2
  shift 2
  tools/bin/pyftsubset "$source" --output-file="$out/$target" --layout-features='*' \
    --name-IDs='*' --no-hinting --notdef-outline "$@"
}

readonly noto=root/usr/share/fonts/truetype/noto
for script in '' Arabic Armenian Bengali CanadianAboriginal Cherokee Devanagari Ethiopic Georgian Gujarati Gurmukhi \
  Hebrew Kannada Khmer Lao Malayalam Myanmar Sinhala Symbols Tamil Telugu Thaana Thai; do
  subset "$noto/NotoSans$script-SemiBold.ttf" "NotoSans$script-SemiBold.ttf" --unicodes='*'
done
for script in Javanese Math Mongolian NKo Oriya Symbols2 Syriac Tifinagh Yi; do
  subset "$noto/NotoSans$script-Regular.ttf" "NotoSans$script-Regular.ttf" --unicodes='*'
done
subset "$noto/NotoSerifTibetan-SemiBold.ttf" NotoSerifTibetan-SemiBold.ttf --unicodes='*'
subset package/600SemiBold/NotoEmoji_600SemiBold.ttf NotoEmoji-SemiBold.ttf --unicodes='*'

# Unified ideographs, kana, bopomofo, hangul and fullwidth forms, with the shapes of simplified Chinese.
subset root/usr/share/fonts/opentype/noto/NotoSansCJK-Medium.ttc NotoSansCJKsc-Medium.otf --font-number=2 \
  --layout-features=ccmp,ljmo,vjmo,tjmo \
  --unicodes=U+1100-11FF,U+2E80-2FDF,U+2FF0-303F,U+3040-31FF,U+3200-33FF,U+4E00-9FFF,U+A960-A97F,U+AC00-D7FF,U+F900-FAFF,U+FE10-FE4F,U+FF00-FFEF
