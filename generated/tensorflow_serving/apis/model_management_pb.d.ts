// package: tensorflow.serving
// file: tensorflow_serving/apis/model_management.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_status_pb from "../../tensorflow_serving/apis/status_pb";
import * as tensorflow_serving_config_model_server_config_pb from "../../tensorflow_serving/config/model_server_config_pb";

export class ReloadConfigRequest extends jspb.Message {
  hasConfig(): boolean;
  clearConfig(): void;
  getConfig(): tensorflow_serving_config_model_server_config_pb.ModelServerConfig | undefined;
  setConfig(value?: tensorflow_serving_config_model_server_config_pb.ModelServerConfig): void;

  clearMetricNamesList(): void;
  getMetricNamesList(): Array<string>;
  setMetricNamesList(value: Array<string>): void;
  addMetricNames(value: string, index?: number): string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ReloadConfigRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ReloadConfigRequest): ReloadConfigRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ReloadConfigRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ReloadConfigRequest;
  static deserializeBinaryFromReader(message: ReloadConfigRequest, reader: jspb.BinaryReader): ReloadConfigRequest;
}

export namespace ReloadConfigRequest {
  export type AsObject = {
    config?: tensorflow_serving_config_model_server_config_pb.ModelServerConfig.AsObject,
    metricNamesList: Array<string>,
  }
}

export class ReloadConfigResponse extends jspb.Message {
  hasStatus(): boolean;
  clearStatus(): void;
  getStatus(): tensorflow_serving_apis_status_pb.StatusProto | undefined;
  setStatus(value?: tensorflow_serving_apis_status_pb.StatusProto): void;

  clearMetricList(): void;
  getMetricList(): Array<Metric>;
  setMetricList(value: Array<Metric>): void;
  addMetric(value?: Metric, index?: number): Metric;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ReloadConfigResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ReloadConfigResponse): ReloadConfigResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ReloadConfigResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ReloadConfigResponse;
  static deserializeBinaryFromReader(message: ReloadConfigResponse, reader: jspb.BinaryReader): ReloadConfigResponse;
}

export namespace ReloadConfigResponse {
  export type AsObject = {
    status?: tensorflow_serving_apis_status_pb.StatusProto.AsObject,
    metricList: Array<Metric.AsObject>,
  }
}

export class Metric extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  hasInt64ValueIncrease(): boolean;
  clearInt64ValueIncrease(): void;
  getInt64ValueIncrease(): number;
  setInt64ValueIncrease(value: number): void;

  getValueIncreaseCase(): Metric.ValueIncreaseCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Metric.AsObject;
  static toObject(includeInstance: boolean, msg: Metric): Metric.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Metric, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Metric;
  static deserializeBinaryFromReader(message: Metric, reader: jspb.BinaryReader): Metric;
}

export namespace Metric {
  export type AsObject = {
    name: string,
    int64ValueIncrease: number,
  }

  export enum ValueIncreaseCase {
    VALUE_INCREASE_NOT_SET = 0,
    INT64_VALUE_INCREASE = 2,
  }
}

