// package: tensorflow
// file: tensorflow/core/framework/function.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_attr_value_pb from "../../../tensorflow/core/framework/attr_value_pb";
import * as tensorflow_core_framework_node_def_pb from "../../../tensorflow/core/framework/node_def_pb";
import * as tensorflow_core_framework_op_def_pb from "../../../tensorflow/core/framework/op_def_pb";

export class FunctionDefLibrary extends jspb.Message {
  clearFunctionList(): void;
  getFunctionList(): Array<FunctionDef>;
  setFunctionList(value: Array<FunctionDef>): void;
  addFunction(value?: FunctionDef, index?: number): FunctionDef;

  clearGradientList(): void;
  getGradientList(): Array<GradientDef>;
  setGradientList(value: Array<GradientDef>): void;
  addGradient(value?: GradientDef, index?: number): GradientDef;

  clearRegisteredGradientsList(): void;
  getRegisteredGradientsList(): Array<RegisteredGradient>;
  setRegisteredGradientsList(value: Array<RegisteredGradient>): void;
  addRegisteredGradients(value?: RegisteredGradient, index?: number): RegisteredGradient;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): FunctionDefLibrary.AsObject;
  static toObject(includeInstance: boolean, msg: FunctionDefLibrary): FunctionDefLibrary.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: FunctionDefLibrary, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): FunctionDefLibrary;
  static deserializeBinaryFromReader(message: FunctionDefLibrary, reader: jspb.BinaryReader): FunctionDefLibrary;
}

export namespace FunctionDefLibrary {
  export type AsObject = {
    functionList: Array<FunctionDef.AsObject>,
    gradientList: Array<GradientDef.AsObject>,
    registeredGradientsList: Array<RegisteredGradient.AsObject>,
  }
}

export class FunctionDef extends jspb.Message {
  hasSignature(): boolean;
  clearSignature(): void;
  getSignature(): tensorflow_core_framework_op_def_pb.OpDef | undefined;
  setSignature(value?: tensorflow_core_framework_op_def_pb.OpDef): void;

  clearNodeDefList(): void;
  getNodeDefList(): Array<tensorflow_core_framework_node_def_pb.NodeDef>;
  setNodeDefList(value: Array<tensorflow_core_framework_node_def_pb.NodeDef>): void;
  addNodeDef(value?: tensorflow_core_framework_node_def_pb.NodeDef, index?: number): tensorflow_core_framework_node_def_pb.NodeDef;

  getRetMap(): jspb.Map<string, string>;
  clearRetMap(): void;
  getAttrMap(): jspb.Map<string, tensorflow_core_framework_attr_value_pb.AttrValue>;
  clearAttrMap(): void;
  getControlRetMap(): jspb.Map<string, string>;
  clearControlRetMap(): void;
  getArgAttrMap(): jspb.Map<number, FunctionDef.ArgAttrs>;
  clearArgAttrMap(): void;
  getResourceArgUniqueIdMap(): jspb.Map<number, number>;
  clearResourceArgUniqueIdMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): FunctionDef.AsObject;
  static toObject(includeInstance: boolean, msg: FunctionDef): FunctionDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: FunctionDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): FunctionDef;
  static deserializeBinaryFromReader(message: FunctionDef, reader: jspb.BinaryReader): FunctionDef;
}

export namespace FunctionDef {
  export type AsObject = {
    signature?: tensorflow_core_framework_op_def_pb.OpDef.AsObject,
    nodeDefList: Array<tensorflow_core_framework_node_def_pb.NodeDef.AsObject>,
    retMap: Array<[string, string]>,
    attrMap: Array<[string, tensorflow_core_framework_attr_value_pb.AttrValue.AsObject]>,
    controlRetMap: Array<[string, string]>,
    argAttrMap: Array<[number, FunctionDef.ArgAttrs.AsObject]>,
    resourceArgUniqueIdMap: Array<[number, number]>,
  }

  export class ArgAttrs extends jspb.Message {
    getAttrMap(): jspb.Map<string, tensorflow_core_framework_attr_value_pb.AttrValue>;
    clearAttrMap(): void;
    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): ArgAttrs.AsObject;
    static toObject(includeInstance: boolean, msg: ArgAttrs): ArgAttrs.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: ArgAttrs, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): ArgAttrs;
    static deserializeBinaryFromReader(message: ArgAttrs, reader: jspb.BinaryReader): ArgAttrs;
  }

  export namespace ArgAttrs {
    export type AsObject = {
      attrMap: Array<[string, tensorflow_core_framework_attr_value_pb.AttrValue.AsObject]>,
    }
  }
}

export class GradientDef extends jspb.Message {
  getFunctionName(): string;
  setFunctionName(value: string): void;

  getGradientFunc(): string;
  setGradientFunc(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GradientDef.AsObject;
  static toObject(includeInstance: boolean, msg: GradientDef): GradientDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GradientDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GradientDef;
  static deserializeBinaryFromReader(message: GradientDef, reader: jspb.BinaryReader): GradientDef;
}

export namespace GradientDef {
  export type AsObject = {
    functionName: string,
    gradientFunc: string,
  }
}

export class RegisteredGradient extends jspb.Message {
  getGradientFunc(): string;
  setGradientFunc(value: string): void;

  getRegisteredOpType(): string;
  setRegisteredOpType(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RegisteredGradient.AsObject;
  static toObject(includeInstance: boolean, msg: RegisteredGradient): RegisteredGradient.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RegisteredGradient, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RegisteredGradient;
  static deserializeBinaryFromReader(message: RegisteredGradient, reader: jspb.BinaryReader): RegisteredGradient;
}

export namespace RegisteredGradient {
  export type AsObject = {
    gradientFunc: string,
    registeredOpType: string,
  }
}

