// package: tensorflow
// file: tensorflow/core/framework/tensor_slice.proto

import * as jspb from "google-protobuf";

export class TensorSliceProto extends jspb.Message {
  clearExtentList(): void;
  getExtentList(): Array<TensorSliceProto.Extent>;
  setExtentList(value: Array<TensorSliceProto.Extent>): void;
  addExtent(value?: TensorSliceProto.Extent, index?: number): TensorSliceProto.Extent;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): TensorSliceProto.AsObject;
  static toObject(includeInstance: boolean, msg: TensorSliceProto): TensorSliceProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: TensorSliceProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): TensorSliceProto;
  static deserializeBinaryFromReader(message: TensorSliceProto, reader: jspb.BinaryReader): TensorSliceProto;
}

export namespace TensorSliceProto {
  export type AsObject = {
    extentList: Array<TensorSliceProto.Extent.AsObject>,
  }

  export class Extent extends jspb.Message {
    getStart(): number;
    setStart(value: number): void;

    hasLength(): boolean;
    clearLength(): void;
    getLength(): number;
    setLength(value: number): void;

    getHasLengthCase(): Extent.HasLengthCase;
    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): Extent.AsObject;
    static toObject(includeInstance: boolean, msg: Extent): Extent.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: Extent, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): Extent;
    static deserializeBinaryFromReader(message: Extent, reader: jspb.BinaryReader): Extent;
  }

  export namespace Extent {
    export type AsObject = {
      start: number,
      length: number,
    }

    export enum HasLengthCase {
      HAS_LENGTH_NOT_SET = 0,
      LENGTH = 2,
    }
  }
}

