"""Loads SavedModels through TensorFlow's C API: by the very loader that TensorFlow Serving has.

It refuses what `tf.saved_model.load` forgives: other tags, attributes without a value, variables
that share a name.
"""

import ctypes
import pathlib

import numpy as np
import tensorflow as tf

HOME = pathlib.Path(tf.__file__).parent
STRING_BYTES = 24  # sizeof(TF_TString)
STRING = tf.string.as_datatype_enum

Pointer = ctypes.c_void_p


class Output(ctypes.Structure):
    _fields_ = [('operation', Pointer), ('index', ctypes.c_int)]


def open_library():
    def find(name):
        # The name ends in the major version, or has it before the suffix on macOS.
        return str(min(HOME.glob(f'lib{name}.*'), key=lambda path: len(path.name)))

    ctypes.CDLL(find('tensorflow_framework'), ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(find('tensorflow_cc'), ctypes.RTLD_GLOBAL)
    signatures = {
        'TF_NewStatus': (Pointer,),
        'TF_DeleteStatus': (None, Pointer),
        'TF_GetCode': (ctypes.c_int, Pointer),
        'TF_Message': (ctypes.c_char_p, Pointer),
        'TF_NewSessionOptions': (Pointer,),
        'TF_NewGraph': (Pointer,),
        'TF_LoadSessionFromSavedModel': (Pointer, Pointer, Pointer, ctypes.c_char_p, Pointer,
                                         ctypes.c_int, Pointer, Pointer, Pointer),
        'TF_GraphOperationByName': (Pointer, Pointer, ctypes.c_char_p),
        'TF_SessionRun': (None, Pointer, Pointer, Pointer, Pointer, ctypes.c_int, Pointer, Pointer,
                          ctypes.c_int, Pointer, ctypes.c_int, Pointer, Pointer),
        'TF_CloseSession': (None, Pointer, Pointer),
        'TF_DeleteSession': (None, Pointer, Pointer),
        'TF_AllocateTensor': (Pointer, ctypes.c_int, Pointer, ctypes.c_int, ctypes.c_size_t),
        'TF_DeleteTensor': (None, Pointer),
        'TF_TensorData': (Pointer, Pointer),
        'TF_TensorByteSize': (ctypes.c_size_t, Pointer),
        'TF_NumDims': (ctypes.c_int, Pointer),
        'TF_Dim': (ctypes.c_int64, Pointer, ctypes.c_int),
        'TF_TensorType': (ctypes.c_int, Pointer),
        'TF_StringInit': (None, Pointer),
        'TF_StringCopy': (None, Pointer, ctypes.c_char_p, ctypes.c_size_t),
    }
    for name, (result, *arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


LIBRARY = open_library()


class Status:
    """A status that raises what it was given."""

    def __enter__(self):
        self.pointer = LIBRARY.TF_NewStatus()
        return self

    def check(self):
        if LIBRARY.TF_GetCode(self.pointer):
            raise RuntimeError(LIBRARY.TF_Message(self.pointer).decode(errors='replace'))

    def __exit__(self, *error):
        LIBRARY.TF_DeleteStatus(self.pointer)


def to_tensor(value):
    if isinstance(value, list):
        return to_strings(value)
    array = np.ascontiguousarray(value)
    sizes = (ctypes.c_int64 * max(1, array.ndim))(*array.shape)
    dtype = tf.as_dtype(array.dtype).as_datatype_enum
    tensor = LIBRARY.TF_AllocateTensor(dtype, sizes, array.ndim, array.nbytes)
    ctypes.memmove(LIBRARY.TF_TensorData(tensor), array.ctypes.data, array.nbytes)
    return tensor


def to_strings(values):
    sizes = (ctypes.c_int64 * 1)(len(values))
    tensor = LIBRARY.TF_AllocateTensor(STRING, sizes, 1, STRING_BYTES * len(values))
    data = LIBRARY.TF_TensorData(tensor)
    for index, value in enumerate(values):
        LIBRARY.TF_StringInit(data + STRING_BYTES * index)
        LIBRARY.TF_StringCopy(data + STRING_BYTES * index, value, len(value))
    return tensor


def to_array(tensor):
    shape = [LIBRARY.TF_Dim(tensor, axis) for axis in range(LIBRARY.TF_NumDims(tensor))]
    content = ctypes.string_at(LIBRARY.TF_TensorData(tensor), LIBRARY.TF_TensorByteSize(tensor))
    dtype = tf.as_dtype(LIBRARY.TF_TensorType(tensor)).as_numpy_dtype
    return np.frombuffer(content, dtype).reshape(shape).copy()


class Session:
    """A SavedModel as the server has it; fed and fetched by tensor names."""

    def __init__(self, directory):
        self.graph = LIBRARY.TF_NewGraph()
        tags = (ctypes.c_char_p * 1)(b'serve')
        with Status() as status:
            self.session = LIBRARY.TF_LoadSessionFromSavedModel(
                LIBRARY.TF_NewSessionOptions(), None, str(directory).encode(), tags, 1,
                self.graph, None, status.pointer)
            status.check()

    def run(self, feeds, fetches):
        inputs = (Output * len(feeds))(*map(self._output, feeds))
        values = (Pointer * len(feeds))(*map(to_tensor, feeds.values()))
        outputs = (Output * len(fetches))(*map(self._output, fetches))
        results = (Pointer * len(fetches))()
        with Status() as status:
            LIBRARY.TF_SessionRun(
                self.session, None, inputs, values, len(feeds), outputs, results, len(fetches),
                None, 0, None, status.pointer)
            for value in values:
                LIBRARY.TF_DeleteTensor(value)
            status.check()
        arrays = [to_array(result) for result in results]
        for result in results:
            LIBRARY.TF_DeleteTensor(result)
        return arrays

    def close(self):
        with Status() as status:
            LIBRARY.TF_CloseSession(self.session, status.pointer)
            LIBRARY.TF_DeleteSession(self.session, status.pointer)

    def _output(self, tensor):
        name, _, index = tensor.partition(':')
        operation = LIBRARY.TF_GraphOperationByName(self.graph, name.encode())
        if not operation:
            raise RuntimeError(f'the graph has no node {name}')
        return Output(operation, int(index or 0))
