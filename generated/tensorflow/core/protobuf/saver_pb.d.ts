// package: tensorflow
// file: tensorflow/core/protobuf/saver.proto

import * as jspb from "google-protobuf";

export class SaverDef extends jspb.Message {
  getFilenameTensorName(): string;
  setFilenameTensorName(value: string): void;

  getSaveTensorName(): string;
  setSaveTensorName(value: string): void;

  getRestoreOpName(): string;
  setRestoreOpName(value: string): void;

  getMaxToKeep(): number;
  setMaxToKeep(value: number): void;

  getSharded(): boolean;
  setSharded(value: boolean): void;

  getKeepCheckpointEveryNHours(): number;
  setKeepCheckpointEveryNHours(value: number): void;

  getVersion(): SaverDef.CheckpointFormatVersionMap[keyof SaverDef.CheckpointFormatVersionMap];
  setVersion(value: SaverDef.CheckpointFormatVersionMap[keyof SaverDef.CheckpointFormatVersionMap]): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SaverDef.AsObject;
  static toObject(includeInstance: boolean, msg: SaverDef): SaverDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SaverDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SaverDef;
  static deserializeBinaryFromReader(message: SaverDef, reader: jspb.BinaryReader): SaverDef;
}

export namespace SaverDef {
  export type AsObject = {
    filenameTensorName: string,
    saveTensorName: string,
    restoreOpName: string,
    maxToKeep: number,
    sharded: boolean,
    keepCheckpointEveryNHours: number,
    version: SaverDef.CheckpointFormatVersionMap[keyof SaverDef.CheckpointFormatVersionMap],
  }

  export interface CheckpointFormatVersionMap {
    LEGACY: 0;
    V1: 1;
    V2: 2;
  }

  export const CheckpointFormatVersion: CheckpointFormatVersionMap;
}

