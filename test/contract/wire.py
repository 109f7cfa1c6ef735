"""Compares proto/ and generated/ with TensorFlow's own definitions and classes.

Usage: wire.py <FileDescriptorSet of proto/> <command that runs wire.ts...>

Every definition is compared by its descriptors. Every message is exchanged both ways with the
classes that TensorFlow's Python packages contain: JavaScript writes and TensorFlow reads, TensorFlow
writes (numbers packed and unpacked) and JavaScript reads, and each writes again what it has read.
Prints a line for each file, then `N passed, M failed`; the exit status is 1 when anything failed.
"""

import base64
import importlib
import json
import math
import os
import subprocess
import sys
from collections import Counter

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')

from google.protobuf import (  # noqa: E402
    any_pb2,
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)

FIELD = descriptor_pb2.FieldDescriptorProto
KINDS = {number: name[len('TYPE_'):].lower() for name, number in FIELD.Type.items()}
WIDE = {'int64', 'uint64', 'sint64'}
UNPACKABLE = {'string', 'bytes', 'message'}

# Differences that are meant. One that no longer exists is a failure, so that the list stays true.
ALLOWED = {
    'tensorflow.GraphDef.debug_info': 'stack traces of the Python that built the graph',
    'tensorflow.SerializedDType': 'no message has a field of it',
    'tensorflow.serving.SessionRunLog': 'the server does not offer SessionRun',
    'tensorflow.serving.PredictionLog.session_run_log': 'the server does not offer SessionRun',
    'tensorflow.TrackableObjectGraph.TrackableObject.SerializedTensor.optional_restore':
        'retired upstream; kept for the files that have it',
    'tensorflow.TensorSliceProto.Extent.length':
        'the name of its oneof differs between releases; it is not on the wire',
}


class Report:
    """Counts checks by file and remembers what failed."""

    def __init__(self):
        self.passed = Counter()
        self.failed = Counter()
        self.used = set()

    def check(self, family, name, theirs, ours):
        if theirs == ours:
            self.passed[family] += 1
        elif allowed := [key for key in ALLOWED if f'{name}.'.startswith(f'{key}.')]:
            self.used.update(allowed)
        else:
            self.fail(family, f'{name}\n    TensorFlow {shorten(theirs)}\n    here       {shorten(ours)}')

    def fail(self, family, text):
        self.failed[family] += 1
        if self.failed[family] <= 5:
            print(f'FAIL  {text}')

    def print_line(self, family, what):
        state = 'FAIL' if self.failed[family] else 'ok  '
        print(f'{state}  {family}: {what}')


def shorten(value):
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 400 else f'{text[:400]}...'


# Definitions


def describe_field(field, message):
    """Says everything about a field that the wire or a class made from it depends on."""
    repeated = field.label == FIELD.LABEL_REPEATED
    kind = KINDS[field.type]
    packable = repeated and kind not in UNPACKABLE
    in_oneof = field.HasField('oneof_index') and not field.proto3_optional
    return {
        'name': field.name,
        'number': field.number,
        'kind': kind,
        'type': field.type_name.lstrip('.'),
        'repeated': repeated,
        'packed': packable and (field.options.packed or not field.options.HasField('packed')),
        'optional': field.proto3_optional,
        'oneof': message.oneof_decl[field.oneof_index].name if in_oneof else None,
    }


def describe_enum(enum):
    return {value.name: value.number for value in enum.value}


def describe_method(method):
    return {
        'request': method.input_type.lstrip('.'),
        'response': method.output_type.lstrip('.'),
        'request_stream': method.client_streaming,
        'response_stream': method.server_streaming,
    }


def describe_file(file):
    """Lists what a file defines: full name to description."""
    found = {}

    def visit(message, scope):
        name = f'{scope}{message.name}'
        found[name] = {'map_entry': message.options.map_entry}
        for field in message.field:
            found[f'{name}.{field.name}'] = describe_field(field, message)
        for nested in message.nested_type:
            visit(nested, f'{name}.')
        for enum in message.enum_type:
            found[f'{name}.{enum.name}'] = describe_enum(enum)

    scope = f'{file.package}.'
    for message in file.message_type:
        visit(message, scope)
    for enum in file.enum_type:
        found[f'{scope}{enum.name}'] = describe_enum(enum)
    for service in file.service:
        found[f'{scope}{service.name}'] = {'service': True}
        for method in service.method:
            found[f'{scope}{service.name}/{method.name}'] = describe_method(method)
    return found


def theirs_of(file):
    """Reads TensorFlow's version of a file, with what it publicly imports: some have moved."""
    module = importlib.import_module(file.name.removesuffix('.proto').replace('/', '.') + '_pb2')
    found = {}

    def visit(descriptor):
        proto = descriptor_pb2.FileDescriptorProto()
        descriptor.CopyToProto(proto)
        if proto.syntax != 'proto3':
            raise ValueError(f'{proto.name} is {proto.syntax}')
        found.update(describe_file(proto))
        for imported in descriptor.public_dependencies:
            visit(imported)

    visit(module.DESCRIPTOR)
    return found


def compare_definitions(report, file):
    ours, theirs = describe_file(file), theirs_of(file)
    for name in sorted(ours | theirs):
        report.check(file.name, name, theirs.get(name), ours.get(name))
    return Counter(kind_of(name, ours) for name in ours)


def without_ours_only(files):
    """Leaves out the fields that TensorFlow's messages lack: they cannot be exchanged."""

    def prune(message, scope):
        theirs = theirs_class(f'{scope}{message.name}').DESCRIPTOR.fields_by_name
        fields = [field for field in message.field if field.name in theirs]
        del message.field[:]
        message.field.extend(fields)
        for nested in message.nested_type:
            if not nested.options.map_entry:
                prune(nested, f'{scope}{message.name}.')

    shared = descriptor_pb2.FileDescriptorSet(file=files)
    for file in shared.file:
        for message in file.message_type:
            prune(message, f'{file.package}.')
    return shared


def kind_of(name, definitions):
    if '/' in name:
        return 'methods'
    if 'kind' in definitions[name]:
        return 'fields'
    if 'map_entry' in definitions[name]:
        return 'messages'
    return 'services' if 'service' in definitions[name] else 'enums'


# Instances as trees: see wire-tree.ts


def is_map(field):
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def to_python(field, value):
    kind = KINDS[field.type]
    if kind == 'bytes':
        return base64.b64decode(value)
    if kind in WIDE:
        return int(value)
    return float(value) if kind in ('float', 'double') else value


def from_python(field, value):
    kind = KINDS[field.type]
    if kind == 'message':
        return dump(value)
    if kind == 'bytes':
        return base64.b64encode(value).decode()
    if kind in WIDE:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'
    return value


def dump(message):
    """Reads a message into a tree."""
    tree = {}
    for field, value in message.ListFields():
        if is_map(field):
            item = field.message_type.fields_by_name['value']
            tree[str(field.number)] = {str(key): from_python(item, value[key]) for key in value}
        elif field.is_repeated:
            tree[str(field.number)] = [from_python(field, item) for item in value]
        else:
            tree[str(field.number)] = from_python(field, value)
    return tree


def fill(message, tree):
    """Fills a message from a tree."""
    for number, value in tree.items():
        field = message.DESCRIPTOR.fields_by_number[int(number)]
        target = getattr(message, field.name)
        if is_map(field):
            fill_map(target, field.message_type.fields_by_name, value)
        elif field.is_repeated:
            for item in value:
                if field.message_type:
                    fill(target.add(), item)
                else:
                    target.append(to_python(field, item))
        elif field.message_type:
            target.SetInParent()
            fill(target, value)
        else:
            setattr(message, field.name, to_python(field, value))
    return message


def fill_map(target, entry, items):
    for text, item in items.items():
        key = text if KINDS[entry['key'].type] == 'string' else int(text)
        if entry['value'].message_type:
            fill(target[key], item)
        else:
            target[key] = to_python(entry['value'], item)


# Exchange


class Node:
    """Asks wire.ts."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding='utf-8'
        )

    def ask(self, op, type='', items=(), trees=()):
        question = {
            'op': op,
            'type': type,
            'items': [base64.b64encode(item).decode() for item in items],
            'trees': list(trees),
        }
        self.process.stdin.write(json.dumps(question) + '\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f'wire.ts ended at {op} {type}')
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def theirs_class(name):
    descriptor = descriptor_pool.Default().FindMessageTypeByName(name)
    return message_factory.GetMessageClass(descriptor)


def unpacked_pool(files):
    """Makes the definitions again with every repeated number written one by one."""
    pool = descriptor_pool.DescriptorPool()

    def unpack(message):
        for field in message.field:
            if field.label == FIELD.LABEL_REPEATED and KINDS[field.type] not in UNPACKABLE:
                field.options.packed = False
        for nested in message.nested_type:
            unpack(nested)

    for file in files:
        copy = descriptor_pb2.FileDescriptorProto()
        copy.CopyFrom(file)
        for message in copy.message_type:
            unpack(message)
        pool.Add(copy)
    return pool


def parse(cls, data):
    """Reads a message into a tree; a failure is a result of its own, so that the others go on."""
    try:
        return dump(cls.FromString(data))
    except Exception as error:  # noqa: BLE001
        return {'error': str(error)}


def exchange(report, node, family, name, pool):
    """Sends instances of a message both ways and answers how many there were."""
    cls = theirs_class(name)
    unpacked = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
    cases = node.ask('cases', name)
    written = []
    for case in cases:
        tree, data = case['tree'], base64.b64decode(case['bytes'])
        read = parse(cls, data)
        report.check(family, f'{name} from JavaScript', read, tree)
        again = b'' if 'error' in read else cls.FromString(data).SerializeToString()
        built = fill(cls(), tree).SerializeToString()
        one_by_one = fill(unpacked(), tree).SerializeToString()
        written += [(tree, again), (tree, built), (tree, one_by_one)]

    answers = node.ask('decode', name, [data for _, data in written])
    for (tree, _), answer in zip(written, answers, strict=True):
        report.check(family, f'{name} from TensorFlow', tree, answer.get('tree', answer))
        again = parse(cls, base64.b64decode(answer.get('bytes', '')))
        report.check(family, f'{name} there and back', again, tree)
    return len(cases) + 2 * len(written)


def exchange_any(report, node, family, name):
    """Exchanges a message packed into an Any, as GetModelMetadata does."""
    cls = theirs_class(name)
    trees = [case['tree'] for case in node.ask('cases', name)]
    for tree, answer in zip(trees, node.ask('pack', name, trees=trees), strict=True):
        packed = any_pb2.Any.FromString(base64.b64decode(answer))
        message = cls()
        report.check(family, f'{name} unpacked', packed.Unpack(message), True)
        report.check(family, f'{name} in an Any from JavaScript', dump(message), tree)

    items = []
    for tree in trees:
        packed = any_pb2.Any()
        packed.Pack(fill(cls(), tree))
        items.append(packed.SerializeToString())
    for tree, answer in zip(trees, node.ask('unpack', name, items), strict=True):
        report.check(family, f'{name} in an Any from TensorFlow', tree, answer.get('tree', answer))
    return 2 * len(trees)


def compare_stubs(report, node, files):
    """Compares the generated service definitions of grpc-js with TensorFlow's services."""
    ours = {method.pop('path'): method for method in node.ask('services')}
    theirs = {}
    for file in files:
        for service in file.service:
            name = f'{file.package}.{service.name}'
            descriptor = descriptor_pool.Default().FindServiceByName(name)
            proto = descriptor_pb2.ServiceDescriptorProto()
            descriptor.CopyToProto(proto)
            for method in proto.method:
                theirs[f'/{name}/{method.name}'] = describe_method(method)
    for path in sorted(ours | theirs):
        report.check('gRPC stubs', path, theirs.get(path), ours.get(path))
    report.print_line('gRPC stubs', f'{len(ours)} methods')


def messages_of(file):
    """Lists the full names of a file's messages, nested ones included, without map entries."""
    return [name for name, it in describe_file(file).items() if it.get('map_entry') is False]


def main(descriptors, command):
    with open(descriptors, 'rb') as stream:
        files = descriptor_pb2.FileDescriptorSet.FromString(stream.read()).file
    report = Report()
    counts = [compare_definitions(report, file) for file in files]

    shared = without_ours_only(files)
    with open(f'{descriptors}.shared', 'wb') as stream:
        stream.write(shared.SerializeToString())
    node = Node([*command, stream.name])
    pool = unpacked_pool(shared.file)
    for file, count in zip(files, counts, strict=True):
        names = messages_of(file)
        exchanged = sum(exchange(report, node, file.name, name, pool) for name in names)
        what = ', '.join(f'{number} {kind}' for kind, number in count.items())
        report.print_line(file.name, f'{what}, {exchanged} exchanges')

    packed = 'tensorflow.serving.SignatureDefMap'
    exchanged = exchange_any(report, node, 'google.protobuf.Any', packed)
    report.print_line('google.protobuf.Any', f'{exchanged} exchanges of {packed}')
    compare_stubs(report, node, files)
    node.close()

    for name, reason in ALLOWED.items():
        if name in report.used:
            print(f'left  {name}: {reason}')
        else:
            report.fail('allowed differences', f'{name} is allowed to differ and does not')
    passed, failed = report.passed.total(), report.failed.total()
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2:]))
