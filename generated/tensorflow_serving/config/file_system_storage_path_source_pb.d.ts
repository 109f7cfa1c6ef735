// package: tensorflow.serving
// file: tensorflow_serving/config/file_system_storage_path_source.proto

import * as jspb from "google-protobuf";

export class FileSystemStoragePathSourceConfig extends jspb.Message {
  getFileSystemPollWaitSeconds(): number;
  setFileSystemPollWaitSeconds(value: number): void;

  getFailIfZeroVersionsAtStartup(): boolean;
  setFailIfZeroVersionsAtStartup(value: boolean): void;

  clearServablesList(): void;
  getServablesList(): Array<FileSystemStoragePathSourceConfig.ServableToMonitor>;
  setServablesList(value: Array<FileSystemStoragePathSourceConfig.ServableToMonitor>): void;
  addServables(value?: FileSystemStoragePathSourceConfig.ServableToMonitor, index?: number): FileSystemStoragePathSourceConfig.ServableToMonitor;

  getServableVersionsAlwaysPresent(): boolean;
  setServableVersionsAlwaysPresent(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): FileSystemStoragePathSourceConfig.AsObject;
  static toObject(includeInstance: boolean, msg: FileSystemStoragePathSourceConfig): FileSystemStoragePathSourceConfig.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: FileSystemStoragePathSourceConfig, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): FileSystemStoragePathSourceConfig;
  static deserializeBinaryFromReader(message: FileSystemStoragePathSourceConfig, reader: jspb.BinaryReader): FileSystemStoragePathSourceConfig;
}

export namespace FileSystemStoragePathSourceConfig {
  export type AsObject = {
    fileSystemPollWaitSeconds: number,
    failIfZeroVersionsAtStartup: boolean,
    servablesList: Array<FileSystemStoragePathSourceConfig.ServableToMonitor.AsObject>,
    servableVersionsAlwaysPresent: boolean,
  }

  export class ServableVersionPolicy extends jspb.Message {
    hasLatest(): boolean;
    clearLatest(): void;
    getLatest(): FileSystemStoragePathSourceConfig.ServableVersionPolicy.Latest | undefined;
    setLatest(value?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.Latest): void;

    hasAll(): boolean;
    clearAll(): void;
    getAll(): FileSystemStoragePathSourceConfig.ServableVersionPolicy.All | undefined;
    setAll(value?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.All): void;

    hasSpecific(): boolean;
    clearSpecific(): void;
    getSpecific(): FileSystemStoragePathSourceConfig.ServableVersionPolicy.Specific | undefined;
    setSpecific(value?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.Specific): void;

    getPolicyChoiceCase(): ServableVersionPolicy.PolicyChoiceCase;
    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): ServableVersionPolicy.AsObject;
    static toObject(includeInstance: boolean, msg: ServableVersionPolicy): ServableVersionPolicy.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: ServableVersionPolicy, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): ServableVersionPolicy;
    static deserializeBinaryFromReader(message: ServableVersionPolicy, reader: jspb.BinaryReader): ServableVersionPolicy;
  }

  export namespace ServableVersionPolicy {
    export type AsObject = {
      latest?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.Latest.AsObject,
      all?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.All.AsObject,
      specific?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.Specific.AsObject,
    }

    export class Latest extends jspb.Message {
      getNumVersions(): number;
      setNumVersions(value: number): void;

      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): Latest.AsObject;
      static toObject(includeInstance: boolean, msg: Latest): Latest.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: Latest, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): Latest;
      static deserializeBinaryFromReader(message: Latest, reader: jspb.BinaryReader): Latest;
    }

    export namespace Latest {
      export type AsObject = {
        numVersions: number,
      }
    }

    export class All extends jspb.Message {
      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): All.AsObject;
      static toObject(includeInstance: boolean, msg: All): All.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: All, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): All;
      static deserializeBinaryFromReader(message: All, reader: jspb.BinaryReader): All;
    }

    export namespace All {
      export type AsObject = {
      }
    }

    export class Specific extends jspb.Message {
      clearVersionsList(): void;
      getVersionsList(): Array<string>;
      setVersionsList(value: Array<string>): void;
      addVersions(value: string, index?: number): string;

      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): Specific.AsObject;
      static toObject(includeInstance: boolean, msg: Specific): Specific.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: Specific, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): Specific;
      static deserializeBinaryFromReader(message: Specific, reader: jspb.BinaryReader): Specific;
    }

    export namespace Specific {
      export type AsObject = {
        versionsList: Array<string>,
      }
    }

    export enum PolicyChoiceCase {
      POLICY_CHOICE_NOT_SET = 0,
      LATEST = 100,
      ALL = 101,
      SPECIFIC = 102,
    }
  }

  export class ServableToMonitor extends jspb.Message {
    getServableName(): string;
    setServableName(value: string): void;

    getBasePath(): string;
    setBasePath(value: string): void;

    hasServableVersionPolicy(): boolean;
    clearServableVersionPolicy(): void;
    getServableVersionPolicy(): FileSystemStoragePathSourceConfig.ServableVersionPolicy | undefined;
    setServableVersionPolicy(value?: FileSystemStoragePathSourceConfig.ServableVersionPolicy): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): ServableToMonitor.AsObject;
    static toObject(includeInstance: boolean, msg: ServableToMonitor): ServableToMonitor.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: ServableToMonitor, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): ServableToMonitor;
    static deserializeBinaryFromReader(message: ServableToMonitor, reader: jspb.BinaryReader): ServableToMonitor;
  }

  export namespace ServableToMonitor {
    export type AsObject = {
      servableName: string,
      basePath: string,
      servableVersionPolicy?: FileSystemStoragePathSourceConfig.ServableVersionPolicy.AsObject,
    }
  }
}

