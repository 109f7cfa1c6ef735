"""MLServer runtimes around the finder of rectangles, and the folder of their settings.

Usage: mlserver_models.py DIRECTORY HTTP_PORT GRPC_PORT METRICS_PORT
"""
import json
import pathlib
import shutil
import sys

PIXELS = [{'name': 'image', 'datatype': 'UINT8', 'shape': [-1, -1, -1, 3]}]
ENCODED = [{'name': 'image', 'datatype': 'BYTES', 'shape': [-1]}]
OUTPUTS = [
    {'name': 'detection_boxes', 'datatype': 'FP32', 'shape': [-1, 3, 4]},
    {'name': 'detection_scores', 'datatype': 'FP32', 'shape': [-1, 3]},
    {'name': 'detection_classes', 'datatype': 'FP32', 'shape': [-1, 3]},
    {'name': 'num_detections', 'datatype': 'FP32', 'shape': [-1]},
]


def main(root, http_port, grpc_port, metrics_port):
    root.mkdir(parents=True)
    for name in ('mlserver_models.py', 'rectangles.py', 'mlserver_runtimes.py'):
        shutil.copy(pathlib.Path(__file__).parent / name, root)
    (root / 'settings.json').write_text(json.dumps({
        'host': '127.0.0.1', 'http_port': http_port, 'grpc_port': grpc_port, 'metrics_port': metrics_port,
        # Models stay in the server's own process: workers of 1.7.1 die at once with today's uvloop.
        'parallel_workers': 0, 'debug': False,
    }))

    def put(name, kind, inputs, outputs, **more):
        (root / name).mkdir()
        (root / name / 'model-settings.json').write_text(json.dumps({
            'name': name, 'implementation': f'mlserver_runtimes.{kind}', 'inputs': inputs, 'outputs': outputs, **more}))

    put('mlserver_pixels', 'Detector', PIXELS, OUTPUTS, parameters={'version': 'v2'})
    put('mlserver_encoded', 'Detector', ENCODED, OUTPUTS)
    put('mlserver_silent', 'Detector', [], [])
    put('mlserver_raising', 'Raising', PIXELS, OUTPUTS)
    put('mlserver_broken', 'NeverReady', PIXELS, OUTPUTS)


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:]))
