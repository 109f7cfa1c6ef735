// package: tensorflow
// file: tensorflow/core/framework/versions.proto

import * as jspb from "google-protobuf";

export class VersionDef extends jspb.Message {
  getProducer(): number;
  setProducer(value: number): void;

  getMinConsumer(): number;
  setMinConsumer(value: number): void;

  clearBadConsumersList(): void;
  getBadConsumersList(): Array<number>;
  setBadConsumersList(value: Array<number>): void;
  addBadConsumers(value: number, index?: number): number;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): VersionDef.AsObject;
  static toObject(includeInstance: boolean, msg: VersionDef): VersionDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: VersionDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): VersionDef;
  static deserializeBinaryFromReader(message: VersionDef, reader: jspb.BinaryReader): VersionDef;
}

export namespace VersionDef {
  export type AsObject = {
    producer: number,
    minConsumer: number,
    badConsumersList: Array<number>,
  }
}

