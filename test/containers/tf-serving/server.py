"""Serves the models of a models.config with TensorFlow, by the flags of tensorflow_model_server.

serving.py does the work. As with the real server a flag that it does not know ends it, so does a
missing models.config, and the port opens when the models that are configured have been loaded.
"""

import argparse
import pathlib
import sys
import threading
from concurrent import futures

import grpc
import serving
import tensorflow as tf

FLAGS = {
    'port': int,
    'rest_api_port': int,
    'model_name': str,
    'model_base_path': pathlib.Path,
    'model_config_file': pathlib.Path,
    'model_config_file_poll_wait_seconds': float,
    'allow_version_labels_for_unavailable_models': str,
    'enable_serialization_as_tensor_content': str,
    'grpc_channel_arguments': str,
}


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name, kind in FLAGS.items():
        parser.add_argument(f'--{name}', type=kind)
    flags = parser.parse_args()
    if not flags.model_config_file.is_file():
        sys.exit(f'Failed to start server. Error: {flags.model_config_file} not found')

    repository = serving.Repository(flags.model_base_path.parent, flags.model_config_file)
    repository.refresh()
    unlimited = [(f'grpc.max_{way}_message_length', -1) for way in ('send', 'receive')]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=unlimited)
    serving.prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        serving.PredictionService(repository), server)
    serving.model_service_pb2_grpc.add_ModelServiceServicer_to_server(
        serving.ModelService(repository), server)
    server.add_insecure_port(f'0.0.0.0:{flags.port}')
    server.start()
    print(f'TensorFlow {tf.__version__} serves {", ".join(repository.models)}', flush=True)
    while not threading.Event().wait(flags.model_config_file_poll_wait_seconds):
        repository.refresh()


if __name__ == '__main__':
    main()
