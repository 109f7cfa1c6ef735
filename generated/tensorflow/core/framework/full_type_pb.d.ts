// package: tensorflow
// file: tensorflow/core/framework/full_type.proto

import * as jspb from "google-protobuf";

export class FullTypeDef extends jspb.Message {
  getTypeId(): FullTypeIdMap[keyof FullTypeIdMap];
  setTypeId(value: FullTypeIdMap[keyof FullTypeIdMap]): void;

  clearArgsList(): void;
  getArgsList(): Array<FullTypeDef>;
  setArgsList(value: Array<FullTypeDef>): void;
  addArgs(value?: FullTypeDef, index?: number): FullTypeDef;

  hasS(): boolean;
  clearS(): void;
  getS(): string;
  setS(value: string): void;

  hasI(): boolean;
  clearI(): void;
  getI(): string;
  setI(value: string): void;

  getAttrCase(): FullTypeDef.AttrCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): FullTypeDef.AsObject;
  static toObject(includeInstance: boolean, msg: FullTypeDef): FullTypeDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: FullTypeDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): FullTypeDef;
  static deserializeBinaryFromReader(message: FullTypeDef, reader: jspb.BinaryReader): FullTypeDef;
}

export namespace FullTypeDef {
  export type AsObject = {
    typeId: FullTypeIdMap[keyof FullTypeIdMap],
    argsList: Array<FullTypeDef.AsObject>,
    s: string,
    i: string,
  }

  export enum AttrCase {
    ATTR_NOT_SET = 0,
    S = 3,
    I = 4,
  }
}

export interface FullTypeIdMap {
  TFT_UNSET: 0;
  TFT_VAR: 1;
  TFT_ANY: 2;
  TFT_PRODUCT: 3;
  TFT_NAMED: 4;
  TFT_FOR_EACH: 20;
  TFT_CALLABLE: 100;
  TFT_TENSOR: 1000;
  TFT_ARRAY: 1001;
  TFT_OPTIONAL: 1002;
  TFT_LITERAL: 1003;
  TFT_ENCODED: 1004;
  TFT_SHAPE_TENSOR: 1005;
  TFT_BOOL: 200;
  TFT_UINT8: 201;
  TFT_UINT16: 202;
  TFT_UINT32: 203;
  TFT_UINT64: 204;
  TFT_INT8: 205;
  TFT_INT16: 206;
  TFT_INT32: 207;
  TFT_INT64: 208;
  TFT_HALF: 209;
  TFT_FLOAT: 210;
  TFT_DOUBLE: 211;
  TFT_BFLOAT16: 215;
  TFT_COMPLEX64: 212;
  TFT_COMPLEX128: 213;
  TFT_STRING: 214;
  TFT_DATASET: 10102;
  TFT_RAGGED: 10103;
  TFT_ITERATOR: 10104;
  TFT_MUTEX_LOCK: 10202;
  TFT_LEGACY_VARIANT: 10203;
}

export const FullTypeId: FullTypeIdMap;

