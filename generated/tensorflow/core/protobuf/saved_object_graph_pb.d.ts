// package: tensorflow
// file: tensorflow/core/protobuf/saved_object_graph.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_any_pb from "google-protobuf/google/protobuf/any_pb";
import * as tensorflow_core_framework_tensor_shape_pb from "../../../tensorflow/core/framework/tensor_shape_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";
import * as tensorflow_core_framework_variable_pb from "../../../tensorflow/core/framework/variable_pb";
import * as tensorflow_core_framework_versions_pb from "../../../tensorflow/core/framework/versions_pb";
import * as tensorflow_core_protobuf_struct_pb from "../../../tensorflow/core/protobuf/struct_pb";
import * as tensorflow_core_protobuf_trackable_object_graph_pb from "../../../tensorflow/core/protobuf/trackable_object_graph_pb";

export class SavedObjectGraph extends jspb.Message {
  clearNodesList(): void;
  getNodesList(): Array<SavedObject>;
  setNodesList(value: Array<SavedObject>): void;
  addNodes(value?: SavedObject, index?: number): SavedObject;

  getConcreteFunctionsMap(): jspb.Map<string, SavedConcreteFunction>;
  clearConcreteFunctionsMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedObjectGraph.AsObject;
  static toObject(includeInstance: boolean, msg: SavedObjectGraph): SavedObjectGraph.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedObjectGraph, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedObjectGraph;
  static deserializeBinaryFromReader(message: SavedObjectGraph, reader: jspb.BinaryReader): SavedObjectGraph;
}

export namespace SavedObjectGraph {
  export type AsObject = {
    nodesList: Array<SavedObject.AsObject>,
    concreteFunctionsMap: Array<[string, SavedConcreteFunction.AsObject]>,
  }
}

export class SavedObject extends jspb.Message {
  clearChildrenList(): void;
  getChildrenList(): Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference>;
  setChildrenList(value: Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference>): void;
  addChildren(value?: tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference, index?: number): tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference;

  clearSlotVariablesList(): void;
  getSlotVariablesList(): Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.SlotVariableReference>;
  setSlotVariablesList(value: Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.SlotVariableReference>): void;
  addSlotVariables(value?: tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.SlotVariableReference, index?: number): tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.SlotVariableReference;

  hasUserObject(): boolean;
  clearUserObject(): void;
  getUserObject(): SavedUserObject | undefined;
  setUserObject(value?: SavedUserObject): void;

  hasAsset(): boolean;
  clearAsset(): void;
  getAsset(): SavedAsset | undefined;
  setAsset(value?: SavedAsset): void;

  hasFunction(): boolean;
  clearFunction(): void;
  getFunction(): SavedFunction | undefined;
  setFunction(value?: SavedFunction): void;

  hasVariable(): boolean;
  clearVariable(): void;
  getVariable(): SavedVariable | undefined;
  setVariable(value?: SavedVariable): void;

  hasBareConcreteFunction(): boolean;
  clearBareConcreteFunction(): void;
  getBareConcreteFunction(): SavedBareConcreteFunction | undefined;
  setBareConcreteFunction(value?: SavedBareConcreteFunction): void;

  hasConstant(): boolean;
  clearConstant(): void;
  getConstant(): SavedConstant | undefined;
  setConstant(value?: SavedConstant): void;

  hasResource(): boolean;
  clearResource(): void;
  getResource(): SavedResource | undefined;
  setResource(value?: SavedResource): void;

  hasCapturedTensor(): boolean;
  clearCapturedTensor(): void;
  getCapturedTensor(): CapturedTensor | undefined;
  setCapturedTensor(value?: CapturedTensor): void;

  getSaveableObjectsMap(): jspb.Map<string, SaveableObject>;
  clearSaveableObjectsMap(): void;
  getRegisteredName(): string;
  setRegisteredName(value: string): void;

  hasSerializedUserProto(): boolean;
  clearSerializedUserProto(): void;
  getSerializedUserProto(): google_protobuf_any_pb.Any | undefined;
  setSerializedUserProto(value?: google_protobuf_any_pb.Any): void;

  clearDependenciesList(): void;
  getDependenciesList(): Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference>;
  setDependenciesList(value: Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference>): void;
  addDependencies(value?: tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference, index?: number): tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference;

  getRegisteredSaver(): string;
  setRegisteredSaver(value: string): void;

  getKindCase(): SavedObject.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedObject.AsObject;
  static toObject(includeInstance: boolean, msg: SavedObject): SavedObject.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedObject, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedObject;
  static deserializeBinaryFromReader(message: SavedObject, reader: jspb.BinaryReader): SavedObject;
}

export namespace SavedObject {
  export type AsObject = {
    childrenList: Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference.AsObject>,
    slotVariablesList: Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.SlotVariableReference.AsObject>,
    userObject?: SavedUserObject.AsObject,
    asset?: SavedAsset.AsObject,
    pb_function?: SavedFunction.AsObject,
    variable?: SavedVariable.AsObject,
    bareConcreteFunction?: SavedBareConcreteFunction.AsObject,
    constant?: SavedConstant.AsObject,
    resource?: SavedResource.AsObject,
    capturedTensor?: CapturedTensor.AsObject,
    saveableObjectsMap: Array<[string, SaveableObject.AsObject]>,
    registeredName: string,
    serializedUserProto?: google_protobuf_any_pb.Any.AsObject,
    dependenciesList: Array<tensorflow_core_protobuf_trackable_object_graph_pb.TrackableObjectGraph.TrackableObject.ObjectReference.AsObject>,
    registeredSaver: string,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    USER_OBJECT = 4,
    ASSET = 5,
    FUNCTION = 6,
    VARIABLE = 7,
    BARE_CONCRETE_FUNCTION = 8,
    CONSTANT = 9,
    RESOURCE = 10,
    CAPTURED_TENSOR = 12,
  }
}

export class SavedUserObject extends jspb.Message {
  getIdentifier(): string;
  setIdentifier(value: string): void;

  hasVersion(): boolean;
  clearVersion(): void;
  getVersion(): tensorflow_core_framework_versions_pb.VersionDef | undefined;
  setVersion(value?: tensorflow_core_framework_versions_pb.VersionDef): void;

  getMetadata(): string;
  setMetadata(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedUserObject.AsObject;
  static toObject(includeInstance: boolean, msg: SavedUserObject): SavedUserObject.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedUserObject, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedUserObject;
  static deserializeBinaryFromReader(message: SavedUserObject, reader: jspb.BinaryReader): SavedUserObject;
}

export namespace SavedUserObject {
  export type AsObject = {
    identifier: string,
    version?: tensorflow_core_framework_versions_pb.VersionDef.AsObject,
    metadata: string,
  }
}

export class SavedAsset extends jspb.Message {
  getAssetFileDefIndex(): number;
  setAssetFileDefIndex(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedAsset.AsObject;
  static toObject(includeInstance: boolean, msg: SavedAsset): SavedAsset.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedAsset, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedAsset;
  static deserializeBinaryFromReader(message: SavedAsset, reader: jspb.BinaryReader): SavedAsset;
}

export namespace SavedAsset {
  export type AsObject = {
    assetFileDefIndex: number,
  }
}

export class SavedFunction extends jspb.Message {
  clearConcreteFunctionsList(): void;
  getConcreteFunctionsList(): Array<string>;
  setConcreteFunctionsList(value: Array<string>): void;
  addConcreteFunctions(value: string, index?: number): string;

  hasFunctionSpec(): boolean;
  clearFunctionSpec(): void;
  getFunctionSpec(): FunctionSpec | undefined;
  setFunctionSpec(value?: FunctionSpec): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedFunction.AsObject;
  static toObject(includeInstance: boolean, msg: SavedFunction): SavedFunction.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedFunction, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedFunction;
  static deserializeBinaryFromReader(message: SavedFunction, reader: jspb.BinaryReader): SavedFunction;
}

export namespace SavedFunction {
  export type AsObject = {
    concreteFunctionsList: Array<string>,
    functionSpec?: FunctionSpec.AsObject,
  }
}

export class CapturedTensor extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getConcreteFunction(): string;
  setConcreteFunction(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): CapturedTensor.AsObject;
  static toObject(includeInstance: boolean, msg: CapturedTensor): CapturedTensor.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: CapturedTensor, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): CapturedTensor;
  static deserializeBinaryFromReader(message: CapturedTensor, reader: jspb.BinaryReader): CapturedTensor;
}

export namespace CapturedTensor {
  export type AsObject = {
    name: string,
    concreteFunction: string,
  }
}

export class SavedConcreteFunction extends jspb.Message {
  clearBoundInputsList(): void;
  getBoundInputsList(): Array<number>;
  setBoundInputsList(value: Array<number>): void;
  addBoundInputs(value: number, index?: number): number;

  hasCanonicalizedInputSignature(): boolean;
  clearCanonicalizedInputSignature(): void;
  getCanonicalizedInputSignature(): tensorflow_core_protobuf_struct_pb.StructuredValue | undefined;
  setCanonicalizedInputSignature(value?: tensorflow_core_protobuf_struct_pb.StructuredValue): void;

  hasOutputSignature(): boolean;
  clearOutputSignature(): void;
  getOutputSignature(): tensorflow_core_protobuf_struct_pb.StructuredValue | undefined;
  setOutputSignature(value?: tensorflow_core_protobuf_struct_pb.StructuredValue): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedConcreteFunction.AsObject;
  static toObject(includeInstance: boolean, msg: SavedConcreteFunction): SavedConcreteFunction.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedConcreteFunction, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedConcreteFunction;
  static deserializeBinaryFromReader(message: SavedConcreteFunction, reader: jspb.BinaryReader): SavedConcreteFunction;
}

export namespace SavedConcreteFunction {
  export type AsObject = {
    boundInputsList: Array<number>,
    canonicalizedInputSignature?: tensorflow_core_protobuf_struct_pb.StructuredValue.AsObject,
    outputSignature?: tensorflow_core_protobuf_struct_pb.StructuredValue.AsObject,
  }
}

export class SavedBareConcreteFunction extends jspb.Message {
  getConcreteFunctionName(): string;
  setConcreteFunctionName(value: string): void;

  clearArgumentKeywordsList(): void;
  getArgumentKeywordsList(): Array<string>;
  setArgumentKeywordsList(value: Array<string>): void;
  addArgumentKeywords(value: string, index?: number): string;

  getAllowedPositionalArguments(): number;
  setAllowedPositionalArguments(value: number): void;

  hasFunctionSpec(): boolean;
  clearFunctionSpec(): void;
  getFunctionSpec(): FunctionSpec | undefined;
  setFunctionSpec(value?: FunctionSpec): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedBareConcreteFunction.AsObject;
  static toObject(includeInstance: boolean, msg: SavedBareConcreteFunction): SavedBareConcreteFunction.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedBareConcreteFunction, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedBareConcreteFunction;
  static deserializeBinaryFromReader(message: SavedBareConcreteFunction, reader: jspb.BinaryReader): SavedBareConcreteFunction;
}

export namespace SavedBareConcreteFunction {
  export type AsObject = {
    concreteFunctionName: string,
    argumentKeywordsList: Array<string>,
    allowedPositionalArguments: number,
    functionSpec?: FunctionSpec.AsObject,
  }
}

export class SavedConstant extends jspb.Message {
  getOperation(): string;
  setOperation(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedConstant.AsObject;
  static toObject(includeInstance: boolean, msg: SavedConstant): SavedConstant.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedConstant, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedConstant;
  static deserializeBinaryFromReader(message: SavedConstant, reader: jspb.BinaryReader): SavedConstant;
}

export namespace SavedConstant {
  export type AsObject = {
    operation: string,
  }
}

export class SavedVariable extends jspb.Message {
  getDtype(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setDtype(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  hasShape(): boolean;
  clearShape(): void;
  getShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  getTrainable(): boolean;
  setTrainable(value: boolean): void;

  getSynchronization(): tensorflow_core_framework_variable_pb.VariableSynchronizationMap[keyof tensorflow_core_framework_variable_pb.VariableSynchronizationMap];
  setSynchronization(value: tensorflow_core_framework_variable_pb.VariableSynchronizationMap[keyof tensorflow_core_framework_variable_pb.VariableSynchronizationMap]): void;

  getAggregation(): tensorflow_core_framework_variable_pb.VariableAggregationMap[keyof tensorflow_core_framework_variable_pb.VariableAggregationMap];
  setAggregation(value: tensorflow_core_framework_variable_pb.VariableAggregationMap[keyof tensorflow_core_framework_variable_pb.VariableAggregationMap]): void;

  getName(): string;
  setName(value: string): void;

  getDevice(): string;
  setDevice(value: string): void;

  clearExperimentalDistributedVariableComponentsList(): void;
  getExperimentalDistributedVariableComponentsList(): Array<SavedVariable>;
  setExperimentalDistributedVariableComponentsList(value: Array<SavedVariable>): void;
  addExperimentalDistributedVariableComponents(value?: SavedVariable, index?: number): SavedVariable;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedVariable.AsObject;
  static toObject(includeInstance: boolean, msg: SavedVariable): SavedVariable.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedVariable, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedVariable;
  static deserializeBinaryFromReader(message: SavedVariable, reader: jspb.BinaryReader): SavedVariable;
}

export namespace SavedVariable {
  export type AsObject = {
    dtype: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
    shape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
    trainable: boolean,
    synchronization: tensorflow_core_framework_variable_pb.VariableSynchronizationMap[keyof tensorflow_core_framework_variable_pb.VariableSynchronizationMap],
    aggregation: tensorflow_core_framework_variable_pb.VariableAggregationMap[keyof tensorflow_core_framework_variable_pb.VariableAggregationMap],
    name: string,
    device: string,
    experimentalDistributedVariableComponentsList: Array<SavedVariable.AsObject>,
  }
}

export class FunctionSpec extends jspb.Message {
  hasFullargspec(): boolean;
  clearFullargspec(): void;
  getFullargspec(): tensorflow_core_protobuf_struct_pb.StructuredValue | undefined;
  setFullargspec(value?: tensorflow_core_protobuf_struct_pb.StructuredValue): void;

  getIsMethod(): boolean;
  setIsMethod(value: boolean): void;

  hasInputSignature(): boolean;
  clearInputSignature(): void;
  getInputSignature(): tensorflow_core_protobuf_struct_pb.StructuredValue | undefined;
  setInputSignature(value?: tensorflow_core_protobuf_struct_pb.StructuredValue): void;

  getJitCompile(): FunctionSpec.JitCompileMap[keyof FunctionSpec.JitCompileMap];
  setJitCompile(value: FunctionSpec.JitCompileMap[keyof FunctionSpec.JitCompileMap]): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): FunctionSpec.AsObject;
  static toObject(includeInstance: boolean, msg: FunctionSpec): FunctionSpec.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: FunctionSpec, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): FunctionSpec;
  static deserializeBinaryFromReader(message: FunctionSpec, reader: jspb.BinaryReader): FunctionSpec;
}

export namespace FunctionSpec {
  export type AsObject = {
    fullargspec?: tensorflow_core_protobuf_struct_pb.StructuredValue.AsObject,
    isMethod: boolean,
    inputSignature?: tensorflow_core_protobuf_struct_pb.StructuredValue.AsObject,
    jitCompile: FunctionSpec.JitCompileMap[keyof FunctionSpec.JitCompileMap],
  }

  export interface JitCompileMap {
    DEFAULT: 0;
    ON: 1;
    OFF: 2;
  }

  export const JitCompile: JitCompileMap;
}

export class SavedResource extends jspb.Message {
  getDevice(): string;
  setDevice(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedResource.AsObject;
  static toObject(includeInstance: boolean, msg: SavedResource): SavedResource.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedResource, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedResource;
  static deserializeBinaryFromReader(message: SavedResource, reader: jspb.BinaryReader): SavedResource;
}

export namespace SavedResource {
  export type AsObject = {
    device: string,
  }
}

export class SaveableObject extends jspb.Message {
  getSaveFunction(): number;
  setSaveFunction(value: number): void;

  getRestoreFunction(): number;
  setRestoreFunction(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SaveableObject.AsObject;
  static toObject(includeInstance: boolean, msg: SaveableObject): SaveableObject.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SaveableObject, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SaveableObject;
  static deserializeBinaryFromReader(message: SaveableObject, reader: jspb.BinaryReader): SaveableObject;
}

export namespace SaveableObject {
  export type AsObject = {
    saveFunction: number,
    restoreFunction: number,
  }
}

