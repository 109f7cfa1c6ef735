#!/usr/bin/env bash
# What the gateway does, by curl: bash examples/curl.sh [PHOTO] [PHOTO...]
#
# GATEWAY (default http://localhost:8080) is where it answers; KEY is an API key, where it asks for one.
set -euo pipefail
gateway=${GATEWAY:-http://localhost:8080}
photos=("$@")
[ "${#photos[@]}" -gt 0 ] || photos=("$(dirname "$0")"/../test/fixtures/{coffee,chelsea}.jpg)
for photo in "${photos[@]}"; do
  [ -r "$photo" ] || { echo "$photo: cannot be read" >&2; exit 1; }
done
# A gateway that is busy or just starting says so (429, 503) and when to try again, which curl does.
ask() { curl --silent --show-error --retry 8 ${KEY:+--header "authorization: Bearer $KEY"} "$@"; }

echo '# The objects in a photo, as a form'
ask --fail-with-body -F "image=@${photos[0]}" -F min_score=0.6 "$gateway/v1/detect"
echo

echo '# The same as bare bytes; parameters go into the query'
ask --fail-with-body --data-binary "@${photos[0]}" -H 'content-type: image/jpeg' "$gateway/v1/detect?max_detections=1"
echo

echo '# The photo with the boxes drawn on it'
ask --fail-with-body -F "image=@${photos[0]}" "$gateway/v1/detect?format=jpeg" -o annotated.jpg
ls -s annotated.jpg

echo '# Many photos by one call, a line for each as it is ready'
form=()
for photo in "${photos[@]}"; do form+=(-F "image=@$photo"); done
ask --fail-with-body --no-buffer -H 'accept: application/x-ndjson' "${form[@]}" "$gateway/v1/detect/batch"

echo '# The models'
ask --fail-with-body "$gateway/v1/models"
echo

echo '# What an error looks like'
ask -F "image=@${photos[0]}" -F min_score=50 "$gateway/v1/detect"
echo
