// package: tensorflow
// file: tensorflow/core/framework/resource_handle.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_tensor_shape_pb from "../../../tensorflow/core/framework/tensor_shape_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";

export class ResourceHandleProto extends jspb.Message {
  getDevice(): string;
  setDevice(value: string): void;

  getContainer(): string;
  setContainer(value: string): void;

  getName(): string;
  setName(value: string): void;

  getHashCode(): string;
  setHashCode(value: string): void;

  getMaybeTypeName(): string;
  setMaybeTypeName(value: string): void;

  clearDtypesAndShapesList(): void;
  getDtypesAndShapesList(): Array<ResourceHandleProto.DtypeAndShape>;
  setDtypesAndShapesList(value: Array<ResourceHandleProto.DtypeAndShape>): void;
  addDtypesAndShapes(value?: ResourceHandleProto.DtypeAndShape, index?: number): ResourceHandleProto.DtypeAndShape;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ResourceHandleProto.AsObject;
  static toObject(includeInstance: boolean, msg: ResourceHandleProto): ResourceHandleProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ResourceHandleProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ResourceHandleProto;
  static deserializeBinaryFromReader(message: ResourceHandleProto, reader: jspb.BinaryReader): ResourceHandleProto;
}

export namespace ResourceHandleProto {
  export type AsObject = {
    device: string,
    container: string,
    name: string,
    hashCode: string,
    maybeTypeName: string,
    dtypesAndShapesList: Array<ResourceHandleProto.DtypeAndShape.AsObject>,
  }

  export class DtypeAndShape extends jspb.Message {
    getDtype(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
    setDtype(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

    hasShape(): boolean;
    clearShape(): void;
    getShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
    setShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): DtypeAndShape.AsObject;
    static toObject(includeInstance: boolean, msg: DtypeAndShape): DtypeAndShape.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: DtypeAndShape, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): DtypeAndShape;
    static deserializeBinaryFromReader(message: DtypeAndShape, reader: jspb.BinaryReader): DtypeAndShape;
  }

  export namespace DtypeAndShape {
    export type AsObject = {
      dtype: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
      shape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    }
  }
}

