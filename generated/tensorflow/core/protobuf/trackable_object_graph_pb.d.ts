// package: tensorflow
// file: tensorflow/core/protobuf/trackable_object_graph.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_wrappers_pb from "google-protobuf/google/protobuf/wrappers_pb";

export class TrackableObjectGraph extends jspb.Message {
  clearNodesList(): void;
  getNodesList(): Array<TrackableObjectGraph.TrackableObject>;
  setNodesList(value: Array<TrackableObjectGraph.TrackableObject>): void;
  addNodes(value?: TrackableObjectGraph.TrackableObject, index?: number): TrackableObjectGraph.TrackableObject;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): TrackableObjectGraph.AsObject;
  static toObject(includeInstance: boolean, msg: TrackableObjectGraph): TrackableObjectGraph.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: TrackableObjectGraph, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): TrackableObjectGraph;
  static deserializeBinaryFromReader(message: TrackableObjectGraph, reader: jspb.BinaryReader): TrackableObjectGraph;
}

export namespace TrackableObjectGraph {
  export type AsObject = {
    nodesList: Array<TrackableObjectGraph.TrackableObject.AsObject>,
  }

  export class TrackableObject extends jspb.Message {
    clearChildrenList(): void;
    getChildrenList(): Array<TrackableObjectGraph.TrackableObject.ObjectReference>;
    setChildrenList(value: Array<TrackableObjectGraph.TrackableObject.ObjectReference>): void;
    addChildren(value?: TrackableObjectGraph.TrackableObject.ObjectReference, index?: number): TrackableObjectGraph.TrackableObject.ObjectReference;

    clearAttributesList(): void;
    getAttributesList(): Array<TrackableObjectGraph.TrackableObject.SerializedTensor>;
    setAttributesList(value: Array<TrackableObjectGraph.TrackableObject.SerializedTensor>): void;
    addAttributes(value?: TrackableObjectGraph.TrackableObject.SerializedTensor, index?: number): TrackableObjectGraph.TrackableObject.SerializedTensor;

    clearSlotVariablesList(): void;
    getSlotVariablesList(): Array<TrackableObjectGraph.TrackableObject.SlotVariableReference>;
    setSlotVariablesList(value: Array<TrackableObjectGraph.TrackableObject.SlotVariableReference>): void;
    addSlotVariables(value?: TrackableObjectGraph.TrackableObject.SlotVariableReference, index?: number): TrackableObjectGraph.TrackableObject.SlotVariableReference;

    hasRegisteredSaver(): boolean;
    clearRegisteredSaver(): void;
    getRegisteredSaver(): RegisteredSaver | undefined;
    setRegisteredSaver(value?: RegisteredSaver): void;

    hasHasCheckpointValues(): boolean;
    clearHasCheckpointValues(): void;
    getHasCheckpointValues(): google_protobuf_wrappers_pb.BoolValue | undefined;
    setHasCheckpointValues(value?: google_protobuf_wrappers_pb.BoolValue): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): TrackableObject.AsObject;
    static toObject(includeInstance: boolean, msg: TrackableObject): TrackableObject.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: TrackableObject, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): TrackableObject;
    static deserializeBinaryFromReader(message: TrackableObject, reader: jspb.BinaryReader): TrackableObject;
  }

  export namespace TrackableObject {
    export type AsObject = {
      childrenList: Array<TrackableObjectGraph.TrackableObject.ObjectReference.AsObject>,
      attributesList: Array<TrackableObjectGraph.TrackableObject.SerializedTensor.AsObject>,
      slotVariablesList: Array<TrackableObjectGraph.TrackableObject.SlotVariableReference.AsObject>,
      registeredSaver?: RegisteredSaver.AsObject,
      hasCheckpointValues?: google_protobuf_wrappers_pb.BoolValue.AsObject,
    }

    export class ObjectReference extends jspb.Message {
      getNodeId(): number;
      setNodeId(value: number): void;

      getLocalName(): string;
      setLocalName(value: string): void;

      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): ObjectReference.AsObject;
      static toObject(includeInstance: boolean, msg: ObjectReference): ObjectReference.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: ObjectReference, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): ObjectReference;
      static deserializeBinaryFromReader(message: ObjectReference, reader: jspb.BinaryReader): ObjectReference;
    }

    export namespace ObjectReference {
      export type AsObject = {
        nodeId: number,
        localName: string,
      }
    }

    export class SerializedTensor extends jspb.Message {
      getName(): string;
      setName(value: string): void;

      getFullName(): string;
      setFullName(value: string): void;

      getCheckpointKey(): string;
      setCheckpointKey(value: string): void;

      getOptionalRestore(): boolean;
      setOptionalRestore(value: boolean): void;

      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): SerializedTensor.AsObject;
      static toObject(includeInstance: boolean, msg: SerializedTensor): SerializedTensor.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: SerializedTensor, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): SerializedTensor;
      static deserializeBinaryFromReader(message: SerializedTensor, reader: jspb.BinaryReader): SerializedTensor;
    }

    export namespace SerializedTensor {
      export type AsObject = {
        name: string,
        fullName: string,
        checkpointKey: string,
        optionalRestore: boolean,
      }
    }

    export class SlotVariableReference extends jspb.Message {
      getOriginalVariableNodeId(): number;
      setOriginalVariableNodeId(value: number): void;

      getSlotName(): string;
      setSlotName(value: string): void;

      getSlotVariableNodeId(): number;
      setSlotVariableNodeId(value: number): void;

      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): SlotVariableReference.AsObject;
      static toObject(includeInstance: boolean, msg: SlotVariableReference): SlotVariableReference.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: SlotVariableReference, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): SlotVariableReference;
      static deserializeBinaryFromReader(message: SlotVariableReference, reader: jspb.BinaryReader): SlotVariableReference;
    }

    export namespace SlotVariableReference {
      export type AsObject = {
        originalVariableNodeId: number,
        slotName: string,
        slotVariableNodeId: number,
      }
    }
  }
}

export class RegisteredSaver extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getObjectName(): string;
  setObjectName(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RegisteredSaver.AsObject;
  static toObject(includeInstance: boolean, msg: RegisteredSaver): RegisteredSaver.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RegisteredSaver, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RegisteredSaver;
  static deserializeBinaryFromReader(message: RegisteredSaver, reader: jspb.BinaryReader): RegisteredSaver;
}

export namespace RegisteredSaver {
  export type AsObject = {
    name: string,
    objectName: string,
  }
}

