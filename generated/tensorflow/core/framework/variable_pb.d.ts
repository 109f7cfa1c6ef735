// package: tensorflow
// file: tensorflow/core/framework/variable.proto

import * as jspb from "google-protobuf";

export class VariableDef extends jspb.Message {
  getVariableName(): string;
  setVariableName(value: string): void;

  getInitializerName(): string;
  setInitializerName(value: string): void;

  getSnapshotName(): string;
  setSnapshotName(value: string): void;

  hasSaveSliceInfoDef(): boolean;
  clearSaveSliceInfoDef(): void;
  getSaveSliceInfoDef(): SaveSliceInfoDef | undefined;
  setSaveSliceInfoDef(value?: SaveSliceInfoDef): void;

  getIsResource(): boolean;
  setIsResource(value: boolean): void;

  getInitialValueName(): string;
  setInitialValueName(value: string): void;

  getTrainable(): boolean;
  setTrainable(value: boolean): void;

  getSynchronization(): VariableSynchronizationMap[keyof VariableSynchronizationMap];
  setSynchronization(value: VariableSynchronizationMap[keyof VariableSynchronizationMap]): void;

  getAggregation(): VariableAggregationMap[keyof VariableAggregationMap];
  setAggregation(value: VariableAggregationMap[keyof VariableAggregationMap]): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): VariableDef.AsObject;
  static toObject(includeInstance: boolean, msg: VariableDef): VariableDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: VariableDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): VariableDef;
  static deserializeBinaryFromReader(message: VariableDef, reader: jspb.BinaryReader): VariableDef;
}

export namespace VariableDef {
  export type AsObject = {
    variableName: string,
    initializerName: string,
    snapshotName: string,
    saveSliceInfoDef?: SaveSliceInfoDef.AsObject,
    isResource: boolean,
    initialValueName: string,
    trainable: boolean,
    synchronization: VariableSynchronizationMap[keyof VariableSynchronizationMap],
    aggregation: VariableAggregationMap[keyof VariableAggregationMap],
  }
}

export class SaveSliceInfoDef extends jspb.Message {
  getFullName(): string;
  setFullName(value: string): void;

  clearFullShapeList(): void;
  getFullShapeList(): Array<number>;
  setFullShapeList(value: Array<number>): void;
  addFullShape(value: number, index?: number): number;

  clearVarOffsetList(): void;
  getVarOffsetList(): Array<number>;
  setVarOffsetList(value: Array<number>): void;
  addVarOffset(value: number, index?: number): number;

  clearVarShapeList(): void;
  getVarShapeList(): Array<number>;
  setVarShapeList(value: Array<number>): void;
  addVarShape(value: number, index?: number): number;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SaveSliceInfoDef.AsObject;
  static toObject(includeInstance: boolean, msg: SaveSliceInfoDef): SaveSliceInfoDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SaveSliceInfoDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SaveSliceInfoDef;
  static deserializeBinaryFromReader(message: SaveSliceInfoDef, reader: jspb.BinaryReader): SaveSliceInfoDef;
}

export namespace SaveSliceInfoDef {
  export type AsObject = {
    fullName: string,
    fullShapeList: Array<number>,
    varOffsetList: Array<number>,
    varShapeList: Array<number>,
  }
}

export interface VariableSynchronizationMap {
  VARIABLE_SYNCHRONIZATION_AUTO: 0;
  VARIABLE_SYNCHRONIZATION_NONE: 1;
  VARIABLE_SYNCHRONIZATION_ON_WRITE: 2;
  VARIABLE_SYNCHRONIZATION_ON_READ: 3;
}

export const VariableSynchronization: VariableSynchronizationMap;

export interface VariableAggregationMap {
  VARIABLE_AGGREGATION_NONE: 0;
  VARIABLE_AGGREGATION_SUM: 1;
  VARIABLE_AGGREGATION_MEAN: 2;
  VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA: 3;
}

export const VariableAggregation: VariableAggregationMap;

