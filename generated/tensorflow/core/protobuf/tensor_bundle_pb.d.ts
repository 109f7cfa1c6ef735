// package: tensorflow
// file: tensorflow/core/protobuf/tensor_bundle.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_tensor_shape_pb from "../../../tensorflow/core/framework/tensor_shape_pb";
import * as tensorflow_core_framework_tensor_slice_pb from "../../../tensorflow/core/framework/tensor_slice_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";
import * as tensorflow_core_framework_versions_pb from "../../../tensorflow/core/framework/versions_pb";

export class BundleHeaderProto extends jspb.Message {
  getNumShards(): number;
  setNumShards(value: number): void;

  getEndianness(): BundleHeaderProto.EndiannessMap[keyof BundleHeaderProto.EndiannessMap];
  setEndianness(value: BundleHeaderProto.EndiannessMap[keyof BundleHeaderProto.EndiannessMap]): void;

  hasVersion(): boolean;
  clearVersion(): void;
  getVersion(): tensorflow_core_framework_versions_pb.VersionDef | undefined;
  setVersion(value?: tensorflow_core_framework_versions_pb.VersionDef): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): BundleHeaderProto.AsObject;
  static toObject(includeInstance: boolean, msg: BundleHeaderProto): BundleHeaderProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: BundleHeaderProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): BundleHeaderProto;
  static deserializeBinaryFromReader(message: BundleHeaderProto, reader: jspb.BinaryReader): BundleHeaderProto;
}

export namespace BundleHeaderProto {
  export type AsObject = {
    numShards: number,
    endianness: BundleHeaderProto.EndiannessMap[keyof BundleHeaderProto.EndiannessMap],
    version?: tensorflow_core_framework_versions_pb.VersionDef.AsObject,
  }

  export interface EndiannessMap {
    LITTLE: 0;
    BIG: 1;
  }

  export const Endianness: EndiannessMap;
}

export class BundleEntryProto extends jspb.Message {
  getDtype(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setDtype(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  hasShape(): boolean;
  clearShape(): void;
  getShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  getShardId(): number;
  setShardId(value: number): void;

  getOffset(): number;
  setOffset(value: number): void;

  getSize(): number;
  setSize(value: number): void;

  getCrc32c(): number;
  setCrc32c(value: number): void;

  clearSlicesList(): void;
  getSlicesList(): Array<tensorflow_core_framework_tensor_slice_pb.TensorSliceProto>;
  setSlicesList(value: Array<tensorflow_core_framework_tensor_slice_pb.TensorSliceProto>): void;
  addSlices(value?: tensorflow_core_framework_tensor_slice_pb.TensorSliceProto, index?: number): tensorflow_core_framework_tensor_slice_pb.TensorSliceProto;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): BundleEntryProto.AsObject;
  static toObject(includeInstance: boolean, msg: BundleEntryProto): BundleEntryProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: BundleEntryProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): BundleEntryProto;
  static deserializeBinaryFromReader(message: BundleEntryProto, reader: jspb.BinaryReader): BundleEntryProto;
}

export namespace BundleEntryProto {
  export type AsObject = {
    dtype: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
    shape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    shardId: number,
    offset: number,
    size: number,
    crc32c: number,
    slicesList: Array<tensorflow_core_framework_tensor_slice_pb.TensorSliceProto.AsObject>,
  }
}

