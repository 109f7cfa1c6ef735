// package: tensorflow
// file: tensorflow/core/framework/attr_value.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_tensor_pb from "../../../tensorflow/core/framework/tensor_pb";
import * as tensorflow_core_framework_tensor_shape_pb from "../../../tensorflow/core/framework/tensor_shape_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";

export class AttrValue extends jspb.Message {
  hasList(): boolean;
  clearList(): void;
  getList(): AttrValue.ListValue | undefined;
  setList(value?: AttrValue.ListValue): void;

  hasS(): boolean;
  clearS(): void;
  getS(): Uint8Array | string;
  getS_asU8(): Uint8Array;
  getS_asB64(): string;
  setS(value: Uint8Array | string): void;

  hasI(): boolean;
  clearI(): void;
  getI(): string;
  setI(value: string): void;

  hasF(): boolean;
  clearF(): void;
  getF(): number;
  setF(value: number): void;

  hasB(): boolean;
  clearB(): void;
  getB(): boolean;
  setB(value: boolean): void;

  hasType(): boolean;
  clearType(): void;
  getType(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setType(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  hasShape(): boolean;
  clearShape(): void;
  getShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  hasTensor(): boolean;
  clearTensor(): void;
  getTensor(): tensorflow_core_framework_tensor_pb.TensorProto | undefined;
  setTensor(value?: tensorflow_core_framework_tensor_pb.TensorProto): void;

  hasPlaceholder(): boolean;
  clearPlaceholder(): void;
  getPlaceholder(): string;
  setPlaceholder(value: string): void;

  hasFunc(): boolean;
  clearFunc(): void;
  getFunc(): NameAttrList | undefined;
  setFunc(value?: NameAttrList): void;

  getValueCase(): AttrValue.ValueCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): AttrValue.AsObject;
  static toObject(includeInstance: boolean, msg: AttrValue): AttrValue.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: AttrValue, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): AttrValue;
  static deserializeBinaryFromReader(message: AttrValue, reader: jspb.BinaryReader): AttrValue;
}

export namespace AttrValue {
  export type AsObject = {
    list?: AttrValue.ListValue.AsObject,
    s: Uint8Array | string,
    i: string,
    f: number,
    b: boolean,
    type: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
    shape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    tensor?: tensorflow_core_framework_tensor_pb.TensorProto.AsObject,
    placeholder: string,
    func?: NameAttrList.AsObject,
  }

  export class ListValue extends jspb.Message {
    clearSList(): void;
    getSList(): Array<Uint8Array | string>;
    getSList_asU8(): Array<Uint8Array>;
    getSList_asB64(): Array<string>;
    setSList(value: Array<Uint8Array | string>): void;
    addS(value: Uint8Array | string, index?: number): Uint8Array | string;

    clearIList(): void;
    getIList(): Array<string>;
    setIList(value: Array<string>): void;
    addI(value: string, index?: number): string;

    clearFList(): void;
    getFList(): Array<number>;
    setFList(value: Array<number>): void;
    addF(value: number, index?: number): number;

    clearBList(): void;
    getBList(): Array<boolean>;
    setBList(value: Array<boolean>): void;
    addB(value: boolean, index?: number): boolean;

    clearTypeList(): void;
    getTypeList(): Array<tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]>;
    setTypeList(value: Array<tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]>): void;
    addType(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap], index?: number): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];

    clearShapeList(): void;
    getShapeList(): Array<tensorflow_core_framework_tensor_shape_pb.TensorShapeProto>;
    setShapeList(value: Array<tensorflow_core_framework_tensor_shape_pb.TensorShapeProto>): void;
    addShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto, index?: number): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto;

    clearTensorList(): void;
    getTensorList(): Array<tensorflow_core_framework_tensor_pb.TensorProto>;
    setTensorList(value: Array<tensorflow_core_framework_tensor_pb.TensorProto>): void;
    addTensor(value?: tensorflow_core_framework_tensor_pb.TensorProto, index?: number): tensorflow_core_framework_tensor_pb.TensorProto;

    clearFuncList(): void;
    getFuncList(): Array<NameAttrList>;
    setFuncList(value: Array<NameAttrList>): void;
    addFunc(value?: NameAttrList, index?: number): NameAttrList;

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
      sList: Array<Uint8Array | string>,
      iList: Array<string>,
      fList: Array<number>,
      bList: Array<boolean>,
      typeList: Array<tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]>,
      shapeList: Array<tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject>,
      tensorList: Array<tensorflow_core_framework_tensor_pb.TensorProto.AsObject>,
      funcList: Array<NameAttrList.AsObject>,
    }
  }

  export enum ValueCase {
    VALUE_NOT_SET = 0,
    LIST = 1,
    S = 2,
    I = 3,
    F = 4,
    B = 5,
    TYPE = 6,
    SHAPE = 7,
    TENSOR = 8,
    PLACEHOLDER = 9,
    FUNC = 10,
  }
}

export class NameAttrList extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getAttrMap(): jspb.Map<string, AttrValue>;
  clearAttrMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): NameAttrList.AsObject;
  static toObject(includeInstance: boolean, msg: NameAttrList): NameAttrList.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: NameAttrList, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): NameAttrList;
  static deserializeBinaryFromReader(message: NameAttrList, reader: jspb.BinaryReader): NameAttrList;
}

export namespace NameAttrList {
  export type AsObject = {
    name: string,
    attrMap: Array<[string, AttrValue.AsObject]>,
  }
}

