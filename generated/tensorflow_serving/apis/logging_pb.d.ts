// package: tensorflow.serving
// file: tensorflow_serving/apis/logging.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";
import * as tensorflow_serving_config_logging_config_pb from "../../tensorflow_serving/config/logging_config_pb";

export class LogMetadata extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  hasSamplingConfig(): boolean;
  clearSamplingConfig(): void;
  getSamplingConfig(): tensorflow_serving_config_logging_config_pb.SamplingConfig | undefined;
  setSamplingConfig(value?: tensorflow_serving_config_logging_config_pb.SamplingConfig): void;

  clearSavedModelTagsList(): void;
  getSavedModelTagsList(): Array<string>;
  setSavedModelTagsList(value: Array<string>): void;
  addSavedModelTags(value: string, index?: number): string;

  getTimestampSecs(): number;
  setTimestampSecs(value: number): void;

  getDc(): string;
  setDc(value: string): void;

  getRequestOrigin(): string;
  setRequestOrigin(value: string): void;

  getRequestCriticality(): string;
  setRequestCriticality(value: string): void;

  getSafeAggregationPrivacyKey(): string;
  setSafeAggregationPrivacyKey(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): LogMetadata.AsObject;
  static toObject(includeInstance: boolean, msg: LogMetadata): LogMetadata.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: LogMetadata, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): LogMetadata;
  static deserializeBinaryFromReader(message: LogMetadata, reader: jspb.BinaryReader): LogMetadata;
}

export namespace LogMetadata {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    samplingConfig?: tensorflow_serving_config_logging_config_pb.SamplingConfig.AsObject,
    savedModelTagsList: Array<string>,
    timestampSecs: number,
    dc: string,
    requestOrigin: string,
    requestCriticality: string,
    safeAggregationPrivacyKey: string,
  }
}

