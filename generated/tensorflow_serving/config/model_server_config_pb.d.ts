// package: tensorflow.serving
// file: tensorflow_serving/config/model_server_config.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_any_pb from "google-protobuf/google/protobuf/any_pb";
import * as tensorflow_serving_config_file_system_storage_path_source_pb from "../../tensorflow_serving/config/file_system_storage_path_source_pb";
import * as tensorflow_serving_config_logging_config_pb from "../../tensorflow_serving/config/logging_config_pb";

export class ModelConfig extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getBasePath(): string;
  setBasePath(value: string): void;

  getModelType(): ModelTypeMap[keyof ModelTypeMap];
  setModelType(value: ModelTypeMap[keyof ModelTypeMap]): void;

  getModelPlatform(): string;
  setModelPlatform(value: string): void;

  hasLoggingConfig(): boolean;
  clearLoggingConfig(): void;
  getLoggingConfig(): tensorflow_serving_config_logging_config_pb.LoggingConfig | undefined;
  setLoggingConfig(value?: tensorflow_serving_config_logging_config_pb.LoggingConfig): void;

  hasModelVersionPolicy(): boolean;
  clearModelVersionPolicy(): void;
  getModelVersionPolicy(): tensorflow_serving_config_file_system_storage_path_source_pb.FileSystemStoragePathSourceConfig.ServableVersionPolicy | undefined;
  setModelVersionPolicy(value?: tensorflow_serving_config_file_system_storage_path_source_pb.FileSystemStoragePathSourceConfig.ServableVersionPolicy): void;

  getVersionLabelsMap(): jspb.Map<string, number>;
  clearVersionLabelsMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelConfig.AsObject;
  static toObject(includeInstance: boolean, msg: ModelConfig): ModelConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelConfig;
  static deserializeBinaryFromReader(message: ModelConfig, reader: jspb.BinaryReader): ModelConfig;
}

export namespace ModelConfig {
  export type AsObject = {
    name: string,
    basePath: string,
    modelType: ModelTypeMap[keyof ModelTypeMap],
    modelPlatform: string,
    loggingConfig?: tensorflow_serving_config_logging_config_pb.LoggingConfig.AsObject,
    modelVersionPolicy?: tensorflow_serving_config_file_system_storage_path_source_pb.FileSystemStoragePathSourceConfig.ServableVersionPolicy.AsObject,
    versionLabelsMap: Array<[string, number]>,
  }
}

export class ModelConfigList extends jspb.Message {
  clearConfigList(): void;
  getConfigList(): Array<ModelConfig>;
  setConfigList(value: Array<ModelConfig>): void;
  addConfig(value?: ModelConfig, index?: number): ModelConfig;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelConfigList.AsObject;
  static toObject(includeInstance: boolean, msg: ModelConfigList): ModelConfigList.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelConfigList, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelConfigList;
  static deserializeBinaryFromReader(message: ModelConfigList, reader: jspb.BinaryReader): ModelConfigList;
}

export namespace ModelConfigList {
  export type AsObject = {
    configList: Array<ModelConfig.AsObject>,
  }
}

export class ModelServerConfig extends jspb.Message {
  hasModelConfigList(): boolean;
  clearModelConfigList(): void;
  getModelConfigList(): ModelConfigList | undefined;
  setModelConfigList(value?: ModelConfigList): void;

  hasCustomModelConfig(): boolean;
  clearCustomModelConfig(): void;
  getCustomModelConfig(): google_protobuf_any_pb.Any | undefined;
  setCustomModelConfig(value?: google_protobuf_any_pb.Any): void;

  getConfigCase(): ModelServerConfig.ConfigCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelServerConfig.AsObject;
  static toObject(includeInstance: boolean, msg: ModelServerConfig): ModelServerConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelServerConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelServerConfig;
  static deserializeBinaryFromReader(message: ModelServerConfig, reader: jspb.BinaryReader): ModelServerConfig;
}

export namespace ModelServerConfig {
  export type AsObject = {
    modelConfigList?: ModelConfigList.AsObject,
    customModelConfig?: google_protobuf_any_pb.Any.AsObject,
  }

  export enum ConfigCase {
    CONFIG_NOT_SET = 0,
    MODEL_CONFIG_LIST = 1,
    CUSTOM_MODEL_CONFIG = 2,
  }
}

export interface ModelTypeMap {
  MODEL_TYPE_UNSPECIFIED: 0;
  TENSORFLOW: 1;
  OTHER: 2;
}

export const ModelType: ModelTypeMap;

