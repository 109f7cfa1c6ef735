"""Calls the drop-in doors by the clients of other systems and compares their answers with /v1/detect.

Usage: doors.py PHOTO...

Starts the built gateway (dist/) with every door open and the embedded model. The clients are those
that people have: pydoods (Home Assistant's), deepstack-sdk, deepstack-python, tritonclient; where a
system has none of its own, `requests` sends what its documentation says, as Frigate does. The answers
for labelling tools are read by pycocotools, ElementTree, NumPy and zipfile. Prints a line for each check, then `N passed, M failed`; the exit status is 1 when anything failed.
"""

import base64
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import time
import xml.etree.ElementTree
import zipfile

import deepstack_sdk
import numpy as np
import PIL.Image
import pycocotools.coco
import requests
import tritonclient.http
import tritonclient.utils
from deepstack.core import DeepstackException, DeepstackObject
from pydoods import PyDOODS

MODEL = 'ssdlite_mobilenet_v2_coco'
DOORS = 'deepstack,doods,max,tfserving,oip'
START_SECONDS = 60
TIMEOUT = 30
# Fractions have six decimals, pixels are whole in DeepStack.
FRACTION = 2e-6
PIXEL = 0.51


class Report:
    """Counts checks and prints each."""

    def __init__(self):
        self.failed = 0
        self.passed = 0

    def check(self, name, good, found=''):
        if good:
            self.passed += 1
        else:
            self.failed += 1
        print(f'{"ok" if good else "not ok"} - {name}{"" if good else f": {found}"}', flush=True)

    def refuses(self, name, error, text, call):
        """Checks that a call raises this error with this text."""
        try:
            found = call()
        except error as refusal:
            self.check(name, text in str(refusal), refusal)
        else:
            self.check(name, False, f'answered {found}')


@contextlib.contextmanager
def gateway():
    """Runs the gateway and gives its address."""
    env = {**os.environ, 'COMPAT': DOORS, 'PORT': '0', 'HOST': '127.0.0.1', 'NODE_ENV': 'production'}
    process = subprocess.Popen(
        ['node', 'dist/server.js'], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        for line in process.stdout:
            address = re.search(r'http://127\.0\.0\.1:\d+', line)
            if address:
                break
        else:
            raise SystemExit('the gateway did not start')
        end = time.monotonic() + START_SECONDS
        while not requests.get(f'{address[0]}/readyz', timeout=TIMEOUT).ok:
            if time.monotonic() > end:
                raise SystemExit('the gateway did not become ready')
            time.sleep(0.1)
        yield address[0]
    finally:
        process.terminate()
        process.communicate()


def detect(url, image, min_score):
    """What the gateway's own API answers."""
    answer = requests.post(
        f'{url}/v1/detect', files={'image': image}, data={'min_score': min_score}, timeout=TIMEOUT
    )
    answer.raise_for_status()
    return answer.json()['detections']


def close(found, expected, tolerance):
    return len(found) == len(expected) and all(
        abs(one - other) <= tolerance for one, other in zip(found, expected)
    )


def same(found, expected, edges, box, tolerance):
    """Compares (label, score, edges) triples with detections."""
    return len(found) == len(expected) and all(
        label == it['label'] and abs(score - it['score']) < 1e-4
        and close(place, [it[box][edge] for edge in edges], tolerance)
        for (label, score, place), it in zip(found, expected)
    )


def check_doods(report, url, image):
    """pydoods as Home Assistant's doods integration calls it."""
    client = PyDOODS(url, '', 10)
    detectors = {it['name']: it for it in client.get_detectors()['detectors']}
    report.check('pydoods: the detectors', {'default', MODEL} <= set(detectors), detectors)
    first = detectors['default']
    report.check('pydoods: its labels', {'person', 'cat'} <= set(first['labels']), first['labels'])
    report.check('pydoods: its size', {'width', 'height'} <= set(first), first)
    for name in ('default', MODEL):
        answer = client.detect(image, dconfig={'*': 40}, detector_name=name)
        edges = ('y_min', 'x_min', 'y_max', 'x_max')
        found = [
            (it['label'], it['confidence'] / 100, [it[edge] for edge in ('top', 'left', 'bottom', 'right')])
            for it in answer['detections']
        ]
        good = 'error' not in answer and same(
            found, detect(url, image, 0.4), edges, 'box_normalized', FRACTION
        )
        report.check(f'pydoods: {len(found)} detections of {name}', good and found, answer)
    none = client.detect(image, dconfig={'zebra': 40}, detector_name='default', id='7')
    report.check('pydoods: a label that is not there', none == {'id': '7', 'detections': []}, none)
    report.refuses(
        'pydoods: an unknown detector', requests.HTTPError, '404',
        lambda: client.detect(image, dconfig={'*': 40}, detector_name='nothing'),
    )
    report.refuses(
        'pydoods: no image', requests.HTTPError, '400',
        lambda: client.detect(b'text', dconfig={'*': 40}),
    )
    region = {'top': 0, 'left': 0, 'bottom': 1, 'right': 1, 'detect': {'*': 40}, 'covers': True}
    data = base64.b64encode(image).decode()
    picture = requests.post(f'{url}/image', json={'data': data, 'regions': [region]}, timeout=TIMEOUT)
    report.check('DOODS: the picture', picture.ok and picture.content[:3] == b'\xff\xd8\xff', picture)


def check_deepstack(report, url, image):
    edges = ('x_min', 'y_min', 'x_max', 'y_max')
    expected = detect(url, image, 0.45)

    config = deepstack_sdk.ServerConfig(url)
    for name in (None, MODEL):
        answer = deepstack_sdk.Detection(config, name=name).detectObject(image, min_confidence=0.45)
        found = [(it.label, it.confidence, [getattr(it, edge) for edge in edges]) for it in answer]
        good = same(found, expected, edges, 'box', PIXEL)
        report.check(f'deepstack-sdk: {len(found)} detections of {name}', good and found, found)
    report.refuses(
        'deepstack-sdk: no image', Exception, 'Invalid image',
        lambda: deepstack_sdk.Detection(config).detectObject(b'text'),
    )

    host, port = re.match(r'http://(.*):(\d+)', url).groups()
    for custom in ('', MODEL):
        client = DeepstackObject(ip=host, port=port, min_confidence=0.45, custom_model=custom)
        answer = client.detect(image)
        found = [(it['label'], it['confidence'], [it[edge] for edge in edges]) for it in answer]
        good = same(found, expected, edges, 'box', PIXEL)
        report.check(f'deepstack-python: {len(found)} detections of "{custom}"', good and found, answer)
        whole = all(isinstance(it[edge], int) for it in answer for edge in edges)
        report.check('deepstack-python: whole pixels', whole, answer)
    missing = DeepstackObject(ip=host, port=port, custom_model='nothing')
    report.refuses('deepstack-python: an unknown model', DeepstackException, '404', lambda: missing.detect(image))

    # Frigate: the form has the key, empty, and the image without a type.
    answer = requests.post(
        f'{url}/v1/vision/detection', data={'api_key': ''}, files={'image': image}, timeout=TIMEOUT
    ).json()
    scores = [it['confidence'] for it in answer['predictions']]
    report.check('Frigate: best first, from 0.4', scores == sorted(scores, reverse=True) and min(scores) >= 0.4, answer)


def check_max(report, url, image):
    """The call of MAX's documentation: curl -F image=@photo.jpg -F threshold=0.5 .../model/predict."""
    answer = requests.post(
        f'{url}/model/predict', files={'image': ('a.jpg', image, 'image/jpeg')},
        params={'threshold': 0.5}, timeout=TIMEOUT,
    ).json()
    found = [(it['label'], it['probability'], it['detection_box']) for it in answer['predictions']]
    edges = ('y_min', 'x_min', 'y_max', 'x_max')
    good = answer['status'] == 'ok' and same(
        found, detect(url, image, 0.5), edges, 'box_normalized', FRACTION
    )
    report.check(f'MAX: {len(found)} predictions', good and found, answer)
    labels = requests.get(f'{url}/model/labels', timeout=TIMEOUT).json()
    report.check('MAX: labels', labels['count'] == len(labels['labels']) == 80, labels)


def check_tfserving(report, url, image):
    """The calls of TensorFlow Serving's documentation, whose clients are requests and curl."""
    b64 = base64.b64encode(image).decode()
    expected = detect(url, image, 0)
    rows = requests.post(
        f'{url}/v1/models/{MODEL}:predict', json={'instances': [{'b64': b64}]}, timeout=TIMEOUT
    ).json()['predictions'][0]
    columns = requests.post(
        f'{url}/v1/models/{MODEL}/versions/1:predict', json={'inputs': {'inputs': [{'b64': b64}]}},
        timeout=TIMEOUT,
    ).json()['outputs']
    edges = ('y_min', 'x_min', 'y_max', 'x_max')
    count = int(rows['num_detections'])
    # Without a limit there are more than the 100 of /v1/detect.
    boxes = [[it['box_normalized'][edge] for edge in edges] for it in expected]
    good = count >= len(expected) and all(
        close(one, other, FRACTION) for one, other in zip(rows['detection_boxes'], boxes)
    )
    report.check(f'TensorFlow Serving: rows of {count} detections', good, rows)
    good = columns['detection_scores'] == [rows['detection_scores']] and columns['num_detections'] == [count]
    report.check('TensorFlow Serving: columns', good, columns)
    status = requests.get(f'{url}/v1/models/{MODEL}', timeout=TIMEOUT).json()
    state = status['model_version_status'][0]
    report.check('TensorFlow Serving: status', state['state'] == 'AVAILABLE', status)
    metadata = requests.get(f'{url}/v1/models/{MODEL}/metadata', timeout=TIMEOUT).json()
    signatures = metadata['metadata']['signature_def']['signature_def']
    report.check('TensorFlow Serving: metadata', 'serving_default' in signatures, metadata)


def check_formats(report, url, photos):
    """The answers for labelling tools, read by what is not ours."""
    name = pathlib.Path(photos[0]).name
    image = pathlib.Path(photos[0]).read_bytes()

    def ask(form, path='detect', files=None):
        return requests.post(
            f'{url}/v1/{path}', data={'format': form},
            files=files or {'image': (name, image)}, timeout=TIMEOUT,
        )

    expected = detect(url, image, 0.5)
    files = [('image', (pathlib.Path(photo).name, pathlib.Path(photo).read_bytes())) for photo in photos]
    coco = pycocotools.coco.COCO()
    coco.dataset = ask('coco', 'detect/batch', files).json()
    coco.createIndex()
    names = [it['file_name'] for it in coco.loadImgs(coco.getImgIds())]
    report.check('COCO: the images of a batch', names == [pathlib.Path(it).name for it in photos], names)
    found = coco.loadAnns(coco.getAnnIds(imgIds=[1]))
    boxes = [[it['box']['x_min'], it['box']['y_min']] for it in expected]
    good = found and [it['bbox'][:2] for it in found] == boxes
    report.check(f'COCO: {len(found)} annotations', good, found)
    labels = [it['name'] for it in coco.loadCats([it['category_id'] for it in found])]
    report.check('COCO: categories', labels == [it['label'] for it in expected], labels)

    rows = np.loadtxt(io.StringIO(ask('yolo').text), ndmin=2)
    names = [it['name'] for it in requests.get(f'{url}/v1/models/{MODEL}/labels', timeout=TIMEOUT).json()['labels']]
    labels = [names[int(row[0])] for row in rows]
    good = labels == [it['label'] for it in expected] and (rows[:, 1:] >= 0).all() and (rows[:, 1:] <= 1).all()
    report.check(f'YOLO: {len(rows)} lines', good, rows)

    voc = xml.etree.ElementTree.fromstring(ask('voc').content)
    width, height = PIL.Image.open(io.BytesIO(image)).size
    size = [int(voc.find(f'size/{side}').text) for side in ('width', 'height', 'depth')]
    report.check('VOC: size', size == [width, height, 3] and voc.find('filename').text == name, size)
    labels = [it.find('name').text for it in voc.iter('object')]
    report.check(f'VOC: {len(labels)} objects', labels == [it['label'] for it in expected], labels)

    with zipfile.ZipFile(io.BytesIO(ask('crops').content)) as archive:
        crops = [it for it in archive.namelist() if it.endswith('.jpg')]
        good = archive.testzip() is None and len(crops) == len(expected)
        sizes = [PIL.Image.open(archive.open(it)).size for it in crops]
    report.check(f'crops: {sizes}', good, crops)


def check_oip(report, url):
    client = tritonclient.http.InferenceServerClient(url.removeprefix('http://'))
    report.check('tritonclient: live', client.is_server_live())
    report.check('tritonclient: ready', client.is_server_ready())
    report.check('tritonclient: model ready', client.is_model_ready(MODEL))
    report.check('tritonclient: version ready', client.is_model_ready(MODEL, '1'))
    report.check('tritonclient: no such version', not client.is_model_ready(MODEL, '9'))
    report.check('tritonclient: no such model', not client.is_model_ready('nothing'))
    server = client.get_server_metadata()
    report.check('tritonclient: server', server['name'] == 'detection-gateway', server)
    model = client.get_model_metadata(MODEL, '1')
    good = model['inputs'][0]['datatype'] == 'UINT8' and len(model['outputs']) == 4
    report.check('tritonclient: model', good, model)
    report.refuses(
        'tritonclient: metadata of no model', tritonclient.utils.InferenceServerException, 'nothing',
        lambda: client.get_model_metadata('nothing'),
    )
    client.close()


def main(photos):
    report = Report()
    with gateway() as url:
        for photo in photos:
            image = pathlib.Path(photo).read_bytes()
            check_doods(report, url, image)
            check_deepstack(report, url, image)
            check_max(report, url, image)
            check_tfserving(report, url, image)
        check_oip(report, url)
        check_formats(report, url, photos)
    print(f'{report.passed} passed, {report.failed} failed')
    return 1 if report.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
