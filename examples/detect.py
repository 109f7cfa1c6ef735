"""Finds objects in photos from Python: python examples/detect.py PHOTO...

Needs requests. GATEWAY (default http://localhost:8080) is where the gateway answers; KEY is an API key, where it asks for
one.
"""

import os
import sys
import time

import requests

GATEWAY = os.environ.get("GATEWAY", "http://localhost:8080")
ATTEMPTS = 4

session = requests.Session()
if "KEY" in os.environ:
    session.headers["authorization"] = f"Bearer {os.environ['KEY']}"


def detect(path, **parameters):
    """The answer for one photo. A gateway that is busy is asked again when it says so."""
    with open(path, "rb") as photo:
        data = photo.read()
    for attempt in range(ATTEMPTS):
        response = session.post(
            f"{GATEWAY}/v1/detect",
            files={"image": (os.path.basename(path), data)},
            data=parameters,
            timeout=60,
        )
        if response.status_code not in (429, 503) or attempt == ATTEMPTS - 1:
            break
        time.sleep(float(response.headers.get("retry-after", 1)))
    if not response.ok:
        problem = response.json()
        raise RuntimeError(f"{problem['code']}: {problem['detail']} (request {problem['request_id']})")
    return response.json()


def main(paths):
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    failed = 0
    for path in paths:
        try:
            answer = detect(path, min_score=0.6)
        except (RuntimeError, OSError) as error:  # requests' own errors are OSErrors
            print(f"{path}: {error}", file=sys.stderr)
            failed += 1
            continue
        print(f"{path}: {answer['image']['width']} x {answer['image']['height']}")
        for found in answer["detections"]:
            box = found["box"]
            corners = f"{box['x_min']:.0f},{box['y_min']:.0f} to {box['x_max']:.0f},{box['y_max']:.0f}"
            print(f"  {found['label']}  {found['score']:.2f}  {corners}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
