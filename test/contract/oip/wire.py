"""Compares our definitions of the Open Inference Protocol with those that a server carries.

Usage: wire.py DESCRIPTORS SERVER

DESCRIPTORS is a FileDescriptorSet of proto/inference, SERVER is triton, mlserver or kserve. Every field of ours that the server
knows must have its number and type there; what one side has alone must be in the lists below. Prints what differs, then a
line; the exit status is 1 when anything does.
"""
import importlib
import sys

from google.protobuf import descriptor_pb2

MODULES = {
    'triton': ['tritonclient.grpc.service_pb2'],
    'mlserver': ['mlserver.grpc.dataplane_pb2', 'mlserver.grpc.model_repository_pb2'],
    'kserve': ['kserve.protocol.grpc.grpc_predict_v2_pb2'],
}
LATER = {'InferParameter.double_param', 'InferParameter.uint64_param'}
INDEX = {'RepositoryIndexRequest', 'RepositoryIndexResponse', 'RepositoryIndexResponse.ModelIndex'}
# Ours that a server does not know.
OURS_ONLY = {'triton': set(), 'mlserver': LATER, 'kserve': LATER | INDEX}
# Of messages that both know, what only a server has.
THEIRS_ONLY = {
    'triton': set(),
    'mlserver': {'ModelMetadataResponse.parameters', 'ModelMetadataResponse.TensorMetadata.parameters'},
    'kserve': set(),
}


def messages(files):
    """Every message of the package by its name without it, maps' entries left out."""
    found = {}

    def visit(message, scope):
        if not message.options.map_entry:
            found[scope + message.name] = message
            for nested in message.nested_type:
                visit(nested, f'{scope}{message.name}.')

    for file in files:
        for message in file.message_type:
            visit(message, '')
    return found


def theirs(server):
    files = []
    for name in MODULES[server]:
        file = descriptor_pb2.FileDescriptorProto()
        importlib.import_module(name).DESCRIPTOR.CopyToProto(file)
        files.append(file)
    return files


def simple(type_name):
    """MLServer has its index in another package."""
    return type_name.replace('.inference.model_repository.', '.inference.')


def main(descriptors, server):
    with open(descriptors, 'rb') as stream:
        ours = messages(descriptor_pb2.FileDescriptorSet.FromString(stream.read()).file)
    other = messages(theirs(server))
    problems, compared = [], 0
    missing = OURS_ONLY[server] | THEIRS_ONLY[server]
    for name, message in ours.items():
        if name not in other:
            if name not in missing:
                problems.append(f'{name} is not known')
            continue
        sides = [{field.name: field for field in it.field} for it in (message, other[name])]
        for field in sorted({*sides[0], *sides[1]}):
            mine, their = (side.get(field) for side in sides)
            if mine is None or their is None:
                if f'{name}.{field}' not in missing:
                    problems.append(f'{name}.{field} is only {"theirs" if mine is None else "ours"}')
                continue
            facts = [(it.number, it.type, it.label, simple(it.type_name)) for it in (mine, their)]
            compared += 1
            if facts[0] != facts[1]:
                problems.append(f'{name}.{field} is {facts[0]}, theirs {facts[1]}')
    for problem in problems:
        print(f'FAILED {server}: {problem}')
    print(f'{server}: {compared} fields compared, {len(problems)} differ')
    return problems or compared < 40


if __name__ == '__main__':
    sys.exit(1 if main(*sys.argv[1:]) else 0)
