// package: tensorflow
// file: tensorflow/core/framework/node_def.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_attr_value_pb from "../../../tensorflow/core/framework/attr_value_pb";
import * as tensorflow_core_framework_full_type_pb from "../../../tensorflow/core/framework/full_type_pb";

export class NodeDef extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getOp(): string;
  setOp(value: string): void;

  clearInputList(): void;
  getInputList(): Array<string>;
  setInputList(value: Array<string>): void;
  addInput(value: string, index?: number): string;

  getDevice(): string;
  setDevice(value: string): void;

  getAttrMap(): jspb.Map<string, tensorflow_core_framework_attr_value_pb.AttrValue>;
  clearAttrMap(): void;
  hasExperimentalDebugInfo(): boolean;
  clearExperimentalDebugInfo(): void;
  getExperimentalDebugInfo(): NodeDef.ExperimentalDebugInfo | undefined;
  setExperimentalDebugInfo(value?: NodeDef.ExperimentalDebugInfo): void;

  hasExperimentalType(): boolean;
  clearExperimentalType(): void;
  getExperimentalType(): tensorflow_core_framework_full_type_pb.FullTypeDef | undefined;
  setExperimentalType(value?: tensorflow_core_framework_full_type_pb.FullTypeDef): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): NodeDef.AsObject;
  static toObject(includeInstance: boolean, msg: NodeDef): NodeDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: NodeDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): NodeDef;
  static deserializeBinaryFromReader(message: NodeDef, reader: jspb.BinaryReader): NodeDef;
}

export namespace NodeDef {
  export type AsObject = {
    name: string,
    op: string,
    inputList: Array<string>,
    device: string,
    attrMap: Array<[string, tensorflow_core_framework_attr_value_pb.AttrValue.AsObject]>,
    experimentalDebugInfo?: NodeDef.ExperimentalDebugInfo.AsObject,
    experimentalType?: tensorflow_core_framework_full_type_pb.FullTypeDef.AsObject,
  }

  export class ExperimentalDebugInfo extends jspb.Message {
    clearOriginalNodeNamesList(): void;
    getOriginalNodeNamesList(): Array<string>;
    setOriginalNodeNamesList(value: Array<string>): void;
    addOriginalNodeNames(value: string, index?: number): string;

    clearOriginalFuncNamesList(): void;
    getOriginalFuncNamesList(): Array<string>;
    setOriginalFuncNamesList(value: Array<string>): void;
    addOriginalFuncNames(value: string, index?: number): string;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): ExperimentalDebugInfo.AsObject;
    static toObject(includeInstance: boolean, msg: ExperimentalDebugInfo): ExperimentalDebugInfo.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: ExperimentalDebugInfo, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): ExperimentalDebugInfo;
    static deserializeBinaryFromReader(message: ExperimentalDebugInfo, reader: jspb.BinaryReader): ExperimentalDebugInfo;
  }

  export namespace ExperimentalDebugInfo {
    export type AsObject = {
      originalNodeNamesList: Array<string>,
      originalFuncNamesList: Array<string>,
    }
  }
}

