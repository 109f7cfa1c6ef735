// package: tensorflow
// file: tensorflow/core/protobuf/struct.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_tensor_pb from "../../../tensorflow/core/framework/tensor_pb";
import * as tensorflow_core_framework_tensor_shape_pb from "../../../tensorflow/core/framework/tensor_shape_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";

export class StructuredValue extends jspb.Message {
  hasNoneValue(): boolean;
  clearNoneValue(): void;
  getNoneValue(): NoneValue | undefined;
  setNoneValue(value?: NoneValue): void;

  hasFloat64Value(): boolean;
  clearFloat64Value(): void;
  getFloat64Value(): number;
  setFloat64Value(value: number): void;

  hasInt64Value(): boolean;
  clearInt64Value(): void;
  getInt64Value(): string;
  setInt64Value(value: string): void;

  hasStringValue(): boolean;
  clearStringValue(): void;
  getStringValue(): string;
  setStringValue(value: string): void;

  hasBoolValue(): boolean;
  clearBoolValue(): void;
  getBoolValue(): boolean;
  setBoolValue(value: boolean): void;

  hasTensorShapeValue(): boolean;
  clearTensorShapeValue(): void;
  getTensorShapeValue(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setTensorShapeValue(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  hasTensorDtypeValue(): boolean;
  clearTensorDtypeValue(): void;
  getTensorDtypeValue(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setTensorDtypeValue(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  hasTensorSpecValue(): boolean;
  clearTensorSpecValue(): void;
  getTensorSpecValue(): TensorSpecProto | undefined;
  setTensorSpecValue(value?: TensorSpecProto): void;

  hasTypeSpecValue(): boolean;
  clearTypeSpecValue(): void;
  getTypeSpecValue(): TypeSpecProto | undefined;
  setTypeSpecValue(value?: TypeSpecProto): void;

  hasBoundedTensorSpecValue(): boolean;
  clearBoundedTensorSpecValue(): void;
  getBoundedTensorSpecValue(): BoundedTensorSpecProto | undefined;
  setBoundedTensorSpecValue(value?: BoundedTensorSpecProto): void;

  hasListValue(): boolean;
  clearListValue(): void;
  getListValue(): ListValue | undefined;
  setListValue(value?: ListValue): void;

  hasTupleValue(): boolean;
  clearTupleValue(): void;
  getTupleValue(): TupleValue | undefined;
  setTupleValue(value?: TupleValue): void;

  hasDictValue(): boolean;
  clearDictValue(): void;
  getDictValue(): DictValue | undefined;
  setDictValue(value?: DictValue): void;

  hasNamedTupleValue(): boolean;
  clearNamedTupleValue(): void;
  getNamedTupleValue(): NamedTupleValue | undefined;
  setNamedTupleValue(value?: NamedTupleValue): void;

  hasTensorValue(): boolean;
  clearTensorValue(): void;
  getTensorValue(): tensorflow_core_framework_tensor_pb.TensorProto | undefined;
  setTensorValue(value?: tensorflow_core_framework_tensor_pb.TensorProto): void;

  hasNumpyValue(): boolean;
  clearNumpyValue(): void;
  getNumpyValue(): tensorflow_core_framework_tensor_pb.TensorProto | undefined;
  setNumpyValue(value?: tensorflow_core_framework_tensor_pb.TensorProto): void;

  getKindCase(): StructuredValue.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): StructuredValue.AsObject;
  static toObject(includeInstance: boolean, msg: StructuredValue): StructuredValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: StructuredValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): StructuredValue;
  static deserializeBinaryFromReader(message: StructuredValue, reader: jspb.BinaryReader): StructuredValue;
}

export namespace StructuredValue {
  export type AsObject = {
    noneValue?: NoneValue.AsObject,
    float64Value: number,
    int64Value: string,
    stringValue: string,
    boolValue: boolean,
    tensorShapeValue?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    tensorDtypeValue: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
    tensorSpecValue?: TensorSpecProto.AsObject,
    typeSpecValue?: TypeSpecProto.AsObject,
    boundedTensorSpecValue?: BoundedTensorSpecProto.AsObject,
    listValue?: ListValue.AsObject,
    tupleValue?: TupleValue.AsObject,
    dictValue?: DictValue.AsObject,
    namedTupleValue?: NamedTupleValue.AsObject,
    tensorValue?: tensorflow_core_framework_tensor_pb.TensorProto.AsObject,
    numpyValue?: tensorflow_core_framework_tensor_pb.TensorProto.AsObject,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    NONE_VALUE = 1,
    FLOAT64_VALUE = 11,
    INT64_VALUE = 12,
    STRING_VALUE = 13,
    BOOL_VALUE = 14,
    TENSOR_SHAPE_VALUE = 31,
    TENSOR_DTYPE_VALUE = 32,
    TENSOR_SPEC_VALUE = 33,
    TYPE_SPEC_VALUE = 34,
    BOUNDED_TENSOR_SPEC_VALUE = 35,
    LIST_VALUE = 51,
    TUPLE_VALUE = 52,
    DICT_VALUE = 53,
    NAMED_TUPLE_VALUE = 54,
    TENSOR_VALUE = 55,
    NUMPY_VALUE = 56,
  }
}

export class NoneValue extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): NoneValue.AsObject;
  static toObject(includeInstance: boolean, msg: NoneValue): NoneValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: NoneValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): NoneValue;
  static deserializeBinaryFromReader(message: NoneValue, reader: jspb.BinaryReader): NoneValue;
}

export namespace NoneValue {
  export type AsObject = {
  }
}

export class ListValue extends jspb.Message {
  clearValuesList(): void;
  getValuesList(): Array<StructuredValue>;
  setValuesList(value: Array<StructuredValue>): void;
  addValues(value?: StructuredValue, index?: number): StructuredValue;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ListValue.AsObject;
  static toObject(includeInstance: boolean, msg: ListValue): ListValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ListValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ListValue;
  static deserializeBinaryFromReader(message: ListValue, reader: jspb.BinaryReader): ListValue;
}

export namespace ListValue {
  export type AsObject = {
    valuesList: Array<StructuredValue.AsObject>,
  }
}

export class TupleValue extends jspb.Message {
  clearValuesList(): void;
  getValuesList(): Array<StructuredValue>;
  setValuesList(value: Array<StructuredValue>): void;
  addValues(value?: StructuredValue, index?: number): StructuredValue;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): TupleValue.AsObject;
  static toObject(includeInstance: boolean, msg: TupleValue): TupleValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: TupleValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): TupleValue;
  static deserializeBinaryFromReader(message: TupleValue, reader: jspb.BinaryReader): TupleValue;
}

export namespace TupleValue {
  export type AsObject = {
    valuesList: Array<StructuredValue.AsObject>,
  }
}

export class DictValue extends jspb.Message {
  getFieldsMap(): jspb.Map<string, StructuredValue>;
  clearFieldsMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): DictValue.AsObject;
  static toObject(includeInstance: boolean, msg: DictValue): DictValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: DictValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): DictValue;
  static deserializeBinaryFromReader(message: DictValue, reader: jspb.BinaryReader): DictValue;
}

export namespace DictValue {
  export type AsObject = {
    fieldsMap: Array<[string, StructuredValue.AsObject]>,
  }
}

export class PairValue extends jspb.Message {
  getKey(): string;
  setKey(value: string): void;

  hasValue(): boolean;
  clearValue(): void;
  getValue(): StructuredValue | undefined;
  setValue(value?: StructuredValue): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PairValue.AsObject;
  static toObject(includeInstance: boolean, msg: PairValue): PairValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PairValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PairValue;
  static deserializeBinaryFromReader(message: PairValue, reader: jspb.BinaryReader): PairValue;
}

export namespace PairValue {
  export type AsObject = {
    key: string,
    value?: StructuredValue.AsObject,
  }
}

export class NamedTupleValue extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  clearValuesList(): void;
  getValuesList(): Array<PairValue>;
  setValuesList(value: Array<PairValue>): void;
  addValues(value?: PairValue, index?: number): PairValue;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): NamedTupleValue.AsObject;
  static toObject(includeInstance: boolean, msg: NamedTupleValue): NamedTupleValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: NamedTupleValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): NamedTupleValue;
  static deserializeBinaryFromReader(message: NamedTupleValue, reader: jspb.BinaryReader): NamedTupleValue;
}

export namespace NamedTupleValue {
  export type AsObject = {
    name: string,
    valuesList: Array<PairValue.AsObject>,
  }
}

export class TensorSpecProto extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  hasShape(): boolean;
  clearShape(): void;
  getShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  getDtype(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setDtype(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): TensorSpecProto.AsObject;
  static toObject(includeInstance: boolean, msg: TensorSpecProto): TensorSpecProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: TensorSpecProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): TensorSpecProto;
  static deserializeBinaryFromReader(message: TensorSpecProto, reader: jspb.BinaryReader): TensorSpecProto;
}

export namespace TensorSpecProto {
  export type AsObject = {
    name: string,
    shape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    dtype: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
  }
}

export class BoundedTensorSpecProto extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  hasShape(): boolean;
  clearShape(): void;
  getShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  getDtype(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setDtype(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  hasMinimum(): boolean;
  clearMinimum(): void;
  getMinimum(): tensorflow_core_framework_tensor_pb.TensorProto | undefined;
  setMinimum(value?: tensorflow_core_framework_tensor_pb.TensorProto): void;

  hasMaximum(): boolean;
  clearMaximum(): void;
  getMaximum(): tensorflow_core_framework_tensor_pb.TensorProto | undefined;
  setMaximum(value?: tensorflow_core_framework_tensor_pb.TensorProto): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): BoundedTensorSpecProto.AsObject;
  static toObject(includeInstance: boolean, msg: BoundedTensorSpecProto): BoundedTensorSpecProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: BoundedTensorSpecProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): BoundedTensorSpecProto;
  static deserializeBinaryFromReader(message: BoundedTensorSpecProto, reader: jspb.BinaryReader): BoundedTensorSpecProto;
}

export namespace BoundedTensorSpecProto {
  export type AsObject = {
    name: string,
    shape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    dtype: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
    minimum?: tensorflow_core_framework_tensor_pb.TensorProto.AsObject,
    maximum?: tensorflow_core_framework_tensor_pb.TensorProto.AsObject,
  }
}

export class TypeSpecProto extends jspb.Message {
  getTypeSpecClass(): TypeSpecProto.TypeSpecClassMap[keyof TypeSpecProto.TypeSpecClassMap];
  setTypeSpecClass(value: TypeSpecProto.TypeSpecClassMap[keyof TypeSpecProto.TypeSpecClassMap]): void;

  hasTypeState(): boolean;
  clearTypeState(): void;
  getTypeState(): StructuredValue | undefined;
  setTypeState(value?: StructuredValue): void;

  getTypeSpecClassName(): string;
  setTypeSpecClassName(value: string): void;

  getNumFlatComponents(): number;
  setNumFlatComponents(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): TypeSpecProto.AsObject;
  static toObject(includeInstance: boolean, msg: TypeSpecProto): TypeSpecProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: TypeSpecProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): TypeSpecProto;
  static deserializeBinaryFromReader(message: TypeSpecProto, reader: jspb.BinaryReader): TypeSpecProto;
}

export namespace TypeSpecProto {
  export type AsObject = {
    typeSpecClass: TypeSpecProto.TypeSpecClassMap[keyof TypeSpecProto.TypeSpecClassMap],
    typeState?: StructuredValue.AsObject,
    typeSpecClassName: string,
    numFlatComponents: number,
  }

  export interface TypeSpecClassMap {
    UNKNOWN: 0;
    SPARSE_TENSOR_SPEC: 1;
    INDEXED_SLICES_SPEC: 2;
    RAGGED_TENSOR_SPEC: 3;
    TENSOR_ARRAY_SPEC: 4;
    DATA_DATASET_SPEC: 5;
    DATA_ITERATOR_SPEC: 6;
    OPTIONAL_SPEC: 7;
    PER_REPLICA_SPEC: 8;
    VARIABLE_SPEC: 9;
    ROW_PARTITION_SPEC: 10;
    REGISTERED_TYPE_SPEC: 12;
    EXTENSION_TYPE_SPEC: 13;
  }

  export const TypeSpecClass: TypeSpecClassMap;
}

