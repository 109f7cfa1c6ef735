// package: tensorflow.serving
// file: tensorflow_serving/config/log_collector_config.proto

import * as jspb from "google-protobuf";

export class LogCollectorConfig extends jspb.Message {
  getType(): string;
  setType(value: string): void;

  getFilenamePrefix(): string;
  setFilenamePrefix(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): LogCollectorConfig.AsObject;
  static toObject(includeInstance: boolean, msg: LogCollectorConfig): LogCollectorConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: LogCollectorConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): LogCollectorConfig;
  static deserializeBinaryFromReader(message: LogCollectorConfig, reader: jspb.BinaryReader): LogCollectorConfig;
}

export namespace LogCollectorConfig {
  export type AsObject = {
    type: string,
    filenamePrefix: string,
  }
}

