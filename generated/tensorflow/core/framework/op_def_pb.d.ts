// package: tensorflow
// file: tensorflow/core/framework/op_def.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_attr_value_pb from "../../../tensorflow/core/framework/attr_value_pb";
import * as tensorflow_core_framework_full_type_pb from "../../../tensorflow/core/framework/full_type_pb";
import * as tensorflow_core_framework_resource_handle_pb from "../../../tensorflow/core/framework/resource_handle_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";

export class OpDef extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  clearInputArgList(): void;
  getInputArgList(): Array<OpDef.ArgDef>;
  setInputArgList(value: Array<OpDef.ArgDef>): void;
  addInputArg(value?: OpDef.ArgDef, index?: number): OpDef.ArgDef;

  clearOutputArgList(): void;
  getOutputArgList(): Array<OpDef.ArgDef>;
  setOutputArgList(value: Array<OpDef.ArgDef>): void;
  addOutputArg(value?: OpDef.ArgDef, index?: number): OpDef.ArgDef;

  clearAttrList(): void;
  getAttrList(): Array<OpDef.AttrDef>;
  setAttrList(value: Array<OpDef.AttrDef>): void;
  addAttr(value?: OpDef.AttrDef, index?: number): OpDef.AttrDef;

  getSummary(): string;
  setSummary(value: string): void;

  getDescription(): string;
  setDescription(value: string): void;

  hasDeprecation(): boolean;
  clearDeprecation(): void;
  getDeprecation(): OpDeprecation | undefined;
  setDeprecation(value?: OpDeprecation): void;

  getIsAggregate(): boolean;
  setIsAggregate(value: boolean): void;

  getIsStateful(): boolean;
  setIsStateful(value: boolean): void;

  getIsCommutative(): boolean;
  setIsCommutative(value: boolean): void;

  getAllowsUninitializedInput(): boolean;
  setAllowsUninitializedInput(value: boolean): void;

  clearControlOutputList(): void;
  getControlOutputList(): Array<string>;
  setControlOutputList(value: Array<string>): void;
  addControlOutput(value: string, index?: number): string;

  getIsDistributedCommunication(): boolean;
  setIsDistributedCommunication(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): OpDef.AsObject;
  static toObject(includeInstance: boolean, msg: OpDef): OpDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: OpDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): OpDef;
  static deserializeBinaryFromReader(message: OpDef, reader: jspb.BinaryReader): OpDef;
}

export namespace OpDef {
  export type AsObject = {
    name: string,
    inputArgList: Array<OpDef.ArgDef.AsObject>,
    outputArgList: Array<OpDef.ArgDef.AsObject>,
    attrList: Array<OpDef.AttrDef.AsObject>,
    summary: string,
    description: string,
    deprecation?: OpDeprecation.AsObject,
    isAggregate: boolean,
    isStateful: boolean,
    isCommutative: boolean,
    allowsUninitializedInput: boolean,
    controlOutputList: Array<string>,
    isDistributedCommunication: boolean,
  }

  export class ArgDef extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getDescription(): string;
    setDescription(value: string): void;

    getType(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
    setType(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

    getTypeAttr(): string;
    setTypeAttr(value: string): void;

    getNumberAttr(): string;
    setNumberAttr(value: string): void;

    getTypeListAttr(): string;
    setTypeListAttr(value: string): void;

    clearHandleDataList(): void;
    getHandleDataList(): Array<tensorflow_core_framework_resource_handle_pb.ResourceHandleProto.DtypeAndShape>;
    setHandleDataList(value: Array<tensorflow_core_framework_resource_handle_pb.ResourceHandleProto.DtypeAndShape>): void;
    addHandleData(value?: tensorflow_core_framework_resource_handle_pb.ResourceHandleProto.DtypeAndShape, index?: number): tensorflow_core_framework_resource_handle_pb.ResourceHandleProto.DtypeAndShape;

    getIsRef(): boolean;
    setIsRef(value: boolean): void;

    hasExperimentalFullType(): boolean;
    clearExperimentalFullType(): void;
    getExperimentalFullType(): tensorflow_core_framework_full_type_pb.FullTypeDef | undefined;
    setExperimentalFullType(value?: tensorflow_core_framework_full_type_pb.FullTypeDef): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): ArgDef.AsObject;
    static toObject(includeInstance: boolean, msg: ArgDef): ArgDef.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: ArgDef, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): ArgDef;
    static deserializeBinaryFromReader(message: ArgDef, reader: jspb.BinaryReader): ArgDef;
  }

  export namespace ArgDef {
    export type AsObject = {
      name: string,
      description: string,
      type: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
      typeAttr: string,
      numberAttr: string,
      typeListAttr: string,
      handleDataList: Array<tensorflow_core_framework_resource_handle_pb.ResourceHandleProto.DtypeAndShape.AsObject>,
      isRef: boolean,
      experimentalFullType?: tensorflow_core_framework_full_type_pb.FullTypeDef.AsObject,
    }
  }

  export class AttrDef extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getType(): string;
    setType(value: string): void;

    hasDefaultValue(): boolean;
    clearDefaultValue(): void;
    getDefaultValue(): tensorflow_core_framework_attr_value_pb.AttrValue | undefined;
    setDefaultValue(value?: tensorflow_core_framework_attr_value_pb.AttrValue): void;

    getDescription(): string;
    setDescription(value: string): void;

    getHasMinimum(): boolean;
    setHasMinimum(value: boolean): void;

    getMinimum(): number;
    setMinimum(value: number): void;

    hasAllowedValues(): boolean;
    clearAllowedValues(): void;
    getAllowedValues(): tensorflow_core_framework_attr_value_pb.AttrValue | undefined;
    setAllowedValues(value?: tensorflow_core_framework_attr_value_pb.AttrValue): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): AttrDef.AsObject;
    static toObject(includeInstance: boolean, msg: AttrDef): AttrDef.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: AttrDef, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): AttrDef;
    static deserializeBinaryFromReader(message: AttrDef, reader: jspb.BinaryReader): AttrDef;
  }

  export namespace AttrDef {
    export type AsObject = {
      name: string,
      type: string,
      defaultValue?: tensorflow_core_framework_attr_value_pb.AttrValue.AsObject,
      description: string,
      hasMinimum: boolean,
      minimum: number,
      allowedValues?: tensorflow_core_framework_attr_value_pb.AttrValue.AsObject,
    }
  }
}

export class OpDeprecation extends jspb.Message {
  getVersion(): number;
  setVersion(value: number): void;

  getExplanation(): string;
  setExplanation(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): OpDeprecation.AsObject;
  static toObject(includeInstance: boolean, msg: OpDeprecation): OpDeprecation.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: OpDeprecation, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): OpDeprecation;
  static deserializeBinaryFromReader(message: OpDeprecation, reader: jspb.BinaryReader): OpDeprecation;
}

export namespace OpDeprecation {
  export type AsObject = {
    version: number,
    explanation: string,
  }
}

export class OpList extends jspb.Message {
  clearOpList(): void;
  getOpList(): Array<OpDef>;
  setOpList(value: Array<OpDef>): void;
  addOp(value?: OpDef, index?: number): OpDef;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): OpList.AsObject;
  static toObject(includeInstance: boolean, msg: OpList): OpList.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: OpList, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): OpList;
  static deserializeBinaryFromReader(message: OpList, reader: jspb.BinaryReader): OpList;
}

export namespace OpList {
  export type AsObject = {
    opList: Array<OpDef.AsObject>,
  }
}

