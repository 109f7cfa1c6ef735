# Is sourced by the checks against real TensorFlow: sets `python` to an interpreter that has it.
#
# CONTRACT_VENV names the Python environment that TensorFlow is in, or is installed into when it is
# missing (about 1.5 GB); by default one below node_modules/.cache.

venv=${CONTRACT_VENV:-node_modules/.cache/contract-venv}
python=$venv/bin/python
tensorflow_version=2.21.0

tensorflow_installed() {
  [[ -x $python ]] && "$python" - <<'PYTHON' 2>/dev/null
import importlib.util, sys
sys.exit(not all(importlib.util.find_spec(name) for name in ('tensorflow', 'tensorflow_serving')))
PYTHON
}

install_tensorflow() {
  echo "installing TensorFlow $tensorflow_version into $venv"
  python3 -m venv "$venv"
  local pip=("$venv/bin/pip" install --quiet --disable-pip-version-check)
  # Some platforms have the CPU build under the plain name only.
  "${pip[@]}" "tensorflow-cpu==$tensorflow_version" || "${pip[@]}" "tensorflow==$tensorflow_version"
  # Its own dependency is the GPU build; it needs nothing that TensorFlow has not brought.
  "${pip[@]}" --no-deps "tensorflow-serving-api==$tensorflow_version"
}

tensorflow_installed || install_tensorflow
