// package: tensorflow.serving
// file: tensorflow_serving/config/logging_config.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_any_pb from "google-protobuf/google/protobuf/any_pb";
import * as tensorflow_serving_config_log_collector_config_pb from "../../tensorflow_serving/config/log_collector_config_pb";

export class PerTaskSamplingConfig extends jspb.Message {
  getDc(): string;
  setDc(value: string): void;

  hasTaskIndex(): boolean;
  clearTaskIndex(): void;
  getTaskIndex(): number;
  setTaskIndex(value: number): void;

  getSamplingRate(): number;
  setSamplingRate(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PerTaskSamplingConfig.AsObject;
  static toObject(includeInstance: boolean, msg: PerTaskSamplingConfig): PerTaskSamplingConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PerTaskSamplingConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PerTaskSamplingConfig;
  static deserializeBinaryFromReader(message: PerTaskSamplingConfig, reader: jspb.BinaryReader): PerTaskSamplingConfig;
}

export namespace PerTaskSamplingConfig {
  export type AsObject = {
    dc: string,
    taskIndex: number,
    samplingRate: number,
  }
}

export class SamplingConfig extends jspb.Message {
  getSamplingRate(): number;
  setSamplingRate(value: number): void;

  getAttributes(): number;
  setAttributes(value: number): void;

  clearPerTaskSamplingConfigsList(): void;
  getPerTaskSamplingConfigsList(): Array<PerTaskSamplingConfig>;
  setPerTaskSamplingConfigsList(value: Array<PerTaskSamplingConfig>): void;
  addPerTaskSamplingConfigs(value?: PerTaskSamplingConfig, index?: number): PerTaskSamplingConfig;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SamplingConfig.AsObject;
  static toObject(includeInstance: boolean, msg: SamplingConfig): SamplingConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SamplingConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SamplingConfig;
  static deserializeBinaryFromReader(message: SamplingConfig, reader: jspb.BinaryReader): SamplingConfig;
}

export namespace SamplingConfig {
  export type AsObject = {
    samplingRate: number,
    attributes: number,
    perTaskSamplingConfigsList: Array<PerTaskSamplingConfig.AsObject>,
  }

  export interface AttributesMap {
    ATTR_DEFAULT: 0;
    ATTR_REQUEST_ORIGIN: 1;
    ATTR_REQUEST_CRITICALITY: 2;
  }

  export const Attributes: AttributesMap;
}

export class LoggingConfig extends jspb.Message {
  hasLogCollectorConfig(): boolean;
  clearLogCollectorConfig(): void;
  getLogCollectorConfig(): tensorflow_serving_config_log_collector_config_pb.LogCollectorConfig | undefined;
  setLogCollectorConfig(value?: tensorflow_serving_config_log_collector_config_pb.LogCollectorConfig): void;

  hasSamplingConfig(): boolean;
  clearSamplingConfig(): void;
  getSamplingConfig(): SamplingConfig | undefined;
  setSamplingConfig(value?: SamplingConfig): void;

  hasCustomLoggingConfig(): boolean;
  clearCustomLoggingConfig(): void;
  getCustomLoggingConfig(): google_protobuf_any_pb.Any | undefined;
  setCustomLoggingConfig(value?: google_protobuf_any_pb.Any): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): LoggingConfig.AsObject;
  static toObject(includeInstance: boolean, msg: LoggingConfig): LoggingConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: LoggingConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): LoggingConfig;
  static deserializeBinaryFromReader(message: LoggingConfig, reader: jspb.BinaryReader): LoggingConfig;
}

export namespace LoggingConfig {
  export type AsObject = {
    logCollectorConfig?: tensorflow_serving_config_log_collector_config_pb.LogCollectorConfig.AsObject,
    samplingConfig?: SamplingConfig.AsObject,
    customLoggingConfig?: google_protobuf_any_pb.Any.AsObject,
  }
}

