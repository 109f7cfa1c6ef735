"""Loads and runs SavedModels through TensorFlow's C API, as TensorFlow Serving does in C++.

tf.saved_model.load is more lenient: it takes models that the server refuses, such as one whose
attributes have no value, or hides what the server gets wrong, such as variables without a name.
"""

import ctypes
import pathlib

import numpy as np
import tensorflow as tf

FOLDER = pathlib.Path(tf.__file__).parent
STRING_BYTES = 24  # sizeof(TF_TString)
STRING = tf.string.as_datatype_enum

POINTER = ctypes.c_void_p
TEXT = ctypes.c_char_p
INT = ctypes.c_int
SIZE = ctypes.c_size_t
FUNCTIONS = {
    'TF_NewStatus': (POINTER, []),
    'TF_DeleteStatus': (None, [POINTER]),
    'TF_GetCode': (INT, [POINTER]),
    'TF_Message': (TEXT, [POINTER]),
    'TF_NewGraph': (POINTER, []),
    'TF_NewSessionOptions': (POINTER, []),
    'TF_LoadSessionFromSavedModel': (
        POINTER, [POINTER, POINTER, TEXT, POINTER, INT, POINTER, POINTER, POINTER]),
    'TF_GraphOperationByName': (POINTER, [POINTER, TEXT]),
    'TF_SessionRun': (None, [
        POINTER, POINTER, POINTER, POINTER, INT, POINTER, POINTER, INT, POINTER, INT, POINTER,
        POINTER]),
    'TF_CloseSession': (None, [POINTER, POINTER]),
    'TF_DeleteSession': (None, [POINTER, POINTER]),
    'TF_AllocateTensor': (POINTER, [INT, POINTER, INT, SIZE]),
    'TF_DeleteTensor': (None, [POINTER]),
    'TF_TensorData': (POINTER, [POINTER]),
    'TF_TensorByteSize': (SIZE, [POINTER]),
    'TF_TensorType': (INT, [POINTER]),
    'TF_NumDims': (INT, [POINTER]),
    'TF_Dim': (ctypes.c_int64, [POINTER, INT]),
    'TF_StringInit': (None, [POINTER]),
    'TF_StringCopy': (None, [POINTER, TEXT, SIZE]),
}


class Output(ctypes.Structure):
    _fields_ = [('operation', POINTER), ('index', INT)]


def find(name):
    # The name ends in the major version, or has it before the suffix on macOS.
    return str(min(FOLDER.glob(f'lib{name}.*'), key=lambda path: len(path.name)))


def load_library():
    ctypes.CDLL(find('tensorflow_framework'), ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(find('tensorflow_cc'), ctypes.RTLD_GLOBAL)
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


C = load_library()


class Status:
    """Hears of a call's error and raises it as the exception that tf itself would raise."""

    def __enter__(self):
        self.pointer = C.TF_NewStatus()
        return self.pointer

    def __exit__(self, *_):
        code = C.TF_GetCode(self.pointer)
        message = C.TF_Message(self.pointer).decode(errors='replace')
        C.TF_DeleteStatus(self.pointer)
        if code:
            raise tf.errors.exception_type_from_error_code(code)(None, None, message)


class Model:
    """The graph tagged `serve` of a SavedModel, its variables restored."""

    def __init__(self, directory):
        self.graph = C.TF_NewGraph()
        tags = (TEXT * 1)(b'serve')
        with Status() as status:
            self.session = C.TF_LoadSessionFromSavedModel(
                C.TF_NewSessionOptions(), None, str(directory).encode(), tags, 1, self.graph, None,
                status)

    def run(self, feeds, fetches):
        """Feeds arrays, or lists of bytes, by tensor name; gives arrays in the order of fetches."""
        inputs = (Output * len(feeds))(*map(self._output, feeds))
        tensors = [to_tensor(value) for value in feeds.values()]
        outputs = (Output * len(fetches))(*map(self._output, fetches))
        results = (POINTER * len(fetches))()
        try:
            with Status() as status:
                C.TF_SessionRun(
                    self.session, None, inputs, (POINTER * len(tensors))(*tensors), len(tensors),
                    outputs, results, len(fetches), None, 0, None, status)
            return [to_array(tensor) for tensor in results]
        finally:
            for tensor in tensors + [it for it in results if it]:
                C.TF_DeleteTensor(tensor)

    def close(self):
        with Status() as status:
            C.TF_CloseSession(self.session, status)
            C.TF_DeleteSession(self.session, status)

    def _output(self, name):
        node, _, index = name.partition(':')
        operation = C.TF_GraphOperationByName(self.graph, node.encode())
        if not operation:
            raise KeyError(f'the graph has no node {node}')
        return Output(operation, int(index or 0))


def to_tensor(value):
    if isinstance(value, list):
        tensor = C.TF_AllocateTensor(
            STRING, (ctypes.c_int64 * 1)(len(value)), 1, STRING_BYTES * len(value))
        data = C.TF_TensorData(tensor)
        for index, text in enumerate(value):
            C.TF_StringInit(data + STRING_BYTES * index)
            C.TF_StringCopy(data + STRING_BYTES * index, text, len(text))
        return tensor
    array = np.ascontiguousarray(value)
    shape = (ctypes.c_int64 * max(1, array.ndim))(*array.shape)
    dtype = tf.as_dtype(array.dtype).as_datatype_enum
    tensor = C.TF_AllocateTensor(dtype, shape, array.ndim, array.nbytes)
    ctypes.memmove(C.TF_TensorData(tensor), array.ctypes.data, array.nbytes)
    return tensor


def to_array(tensor):
    shape = [C.TF_Dim(tensor, axis) for axis in range(C.TF_NumDims(tensor))]
    content = ctypes.string_at(C.TF_TensorData(tensor), C.TF_TensorByteSize(tensor))
    dtype = tf.as_dtype(C.TF_TensorType(tensor)).as_numpy_dtype
    return np.frombuffer(content, dtype).reshape(shape).copy()
