#!/usr/bin/env bash
# Gives the server what the entry point of TensorFlow Serving's image gives its own.
"$STAND_IN_PYTHON" /opt/stand-in/server.py --port=8500 --rest_api_port=8501 --model_name=model \
  --model_base_path=/models/model "$@"
