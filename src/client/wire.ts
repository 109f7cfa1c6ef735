// Written by `npm run openapi` from openapi.yaml: what goes over the wire, in TypeScript.

/** The answer for one image, or why it has none. */
export type BatchItem = {
  /** Position of the upload in the request. */
  readonly index: number
  /** Name of the upload, null without one. */
  readonly filename: string | null
  readonly status: 200
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** Best scores first; empty when none. */
  readonly detections: readonly Detection[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
} | {
  /** Position of the upload in the request. */
  readonly index: number
  /** Name of the upload, null without one. */
  readonly filename: string | null
  /** The HTTP status of this image. */
  readonly status: number
  readonly error: Problem
}

/** A box in pixels of the upright image, origin top left, inside the image. */
export type Box = {
  /** Left edge in pixels. */
  readonly x_min: number
  /** Top edge in pixels. */
  readonly y_min: number
  /** Right edge in pixels. */
  readonly x_max: number
  /** Bottom edge in pixels. */
  readonly y_max: number
}

/** One class of an image. */
export type Classification = {
  /** Name of the class, null when it has none. */
  readonly label: string | null
  /** Class id as the model gives it, null where it gives a name only. */
  readonly class_id: number | null
  /** How sure the model is, 0 to 1. */
  readonly score: number
}

/** The classes of one image, or why it has none. */
export type ClassifyItem = {
  /** Position of the upload in the request. */
  readonly index: number
  /** Name of the upload, null without one. */
  readonly filename: string | null
  readonly status: 200
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** Best scores first. */
  readonly classifications: readonly Classification[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
} | {
  /** Position of the upload in the request. */
  readonly index: number
  /** Name of the upload, null without one. */
  readonly filename: string | null
  /** The HTTP status of this image. */
  readonly status: number
  readonly error: Problem
}

/** What the image shows. */
export type ClassifyResponse = {
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** Best scores first. */
  readonly classifications: readonly Classification[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
}

/** What was found in the image. */
export type DetectResponse = {
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** Best scores first; empty when none. */
  readonly detections: readonly Detection[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
}

/** One object that was found. */
export type Detection = {
  /** Name of the class, null when it has none. */
  readonly label: string | null
  /** Class id as the model gives it. */
  readonly class_id: number
  /** How sure the model is, 0 to 1. */
  readonly score: number
  readonly box: Box
  readonly box_normalized: NormalizedBox
}

/** The names of the classes, by class id. */
export type LabelsResponse = {
  readonly labels: readonly ({
    /** Class id as the model gives it. */
    readonly id: number
    /** Name of the class. */
    readonly name: string
  })[]
}

/** A model that can be asked for. */
export type Model = {
  /** Name to ask for. */
  readonly name: string
  /** Whether requests without `model` get this one. */
  readonly default: boolean
  /** State as the model server names it; UNKNOWN while it cannot be asked. */
  readonly state: "UNKNOWN" | "START" | "LOADING" | "AVAILABLE" | "UNLOADING" | "END"
  /** Why the model is not available, else null. */
  readonly reason: string | null
  /** Newest first. */
  readonly versions: readonly ({
    /** Version as text; empty where the server has none. */
    readonly version: string
    /** State as the model server names it; UNKNOWN while it cannot be asked. */
    readonly state: "UNKNOWN" | "START" | "LOADING" | "AVAILABLE" | "UNLOADING" | "END"
    /** Why the version is in this state; empty when all is well. */
    readonly message: string
  })[]
  /** What the model does, by its card or its signature; null while neither tells it. */
  readonly task: "object-detection" | "image-classification" | "image-regression" | null
  /** The input for images; null while the signature is unknown. */
  readonly input: {
    /** Name of the input. */
    readonly name: string
    /** Element type, such as DT_UINT8. */
    readonly dtype: string
    /** Dimensions, -1 where free; null when not even their number is known. */
    readonly shape: readonly number[] | null
    /** Whether the model takes the bytes of a picture file or pixels. */
    readonly kind: "encoded" | "pixels"
  } | null
  /** How many classes have names. */
  readonly label_count: number
}

/** A model with its signature. */
export type ModelResponse = {
  /** Name to ask for. */
  readonly name: string
  /** Whether requests without `model` get this one. */
  readonly default: boolean
  /** State as the model server names it; UNKNOWN while it cannot be asked. */
  readonly state: "UNKNOWN" | "START" | "LOADING" | "AVAILABLE" | "UNLOADING" | "END"
  /** Why the model is not available, else null. */
  readonly reason: string | null
  /** Newest first. */
  readonly versions: readonly ({
    /** Version as text; empty where the server has none. */
    readonly version: string
    /** State as the model server names it; UNKNOWN while it cannot be asked. */
    readonly state: "UNKNOWN" | "START" | "LOADING" | "AVAILABLE" | "UNLOADING" | "END"
    /** Why the version is in this state; empty when all is well. */
    readonly message: string
  })[]
  /** What the model does, by its card or its signature; null while neither tells it. */
  readonly task: "object-detection" | "image-classification" | "image-regression" | null
  /** The input for images; null while the signature is unknown. */
  readonly input: {
    /** Name of the input. */
    readonly name: string
    /** Element type, such as DT_UINT8. */
    readonly dtype: string
    /** Dimensions, -1 where free; null when not even their number is known. */
    readonly shape: readonly number[] | null
    /** Whether the model takes the bytes of a picture file or pixels. */
    readonly kind: "encoded" | "pixels"
  } | null
  /** How many classes have names. */
  readonly label_count: number
  /** The signature that is called; null while it cannot be read. */
  readonly signature: {
    /** Name of the signature. */
    readonly name: string
    /** Method name, such as tensorflow/serving/predict. */
    readonly method: string
    readonly inputs: { readonly [name: string]: TensorInfo }
    readonly outputs: { readonly [name: string]: TensorInfo }
  } | null
  /** TensorFlow Serving's own status; only where `COMPAT` names `tfserving`. */
  readonly model_version_status?: readonly ({
    /** Version, a decimal int64 as text. */
    readonly version: string
    readonly state: string
    readonly status: {
      readonly error_code: string
      readonly error_message: string
    }
  })[]
}

/** Every model that can be asked for. */
export type ModelsResponse = {
  readonly models: readonly Model[]
}

/** The box in fractions of the width and height of the upright image. */
export type NormalizedBox = {
  /** Left edge, 0 to 1 of the width. */
  readonly x_min: number
  /** Top edge, 0 to 1 of the height. */
  readonly y_min: number
  /** Right edge, 0 to 1 of the width. */
  readonly x_max: number
  /** Bottom edge, 0 to 1 of the height. */
  readonly y_max: number
}

/** An error (RFC 9457). */
export type Problem = {
  /** URI that names the kind of problem, `urn:detection-gateway:error:` and the code. */
  readonly type: string
  /** What kind of problem it is, in words. */
  readonly title: string
  /** The HTTP status of the answer. */
  readonly status: number
  /** What was wrong, what was expected, and the setting that governs it. */
  readonly detail: string
  /**
   * Permanent name of the problem, for programs to branch on:
   * - `malformed_request` (400): The request cannot be read
   * - `invalid_parameter` (400): A parameter is invalid
   * - `parameter_conflict` (400): Parameters contradict each other
   * - `missing_image` (400): No image was sent
   * - `too_many_images` (400): Too many images
   * - `invalid_base64` (400): The image is not valid base64
   * - `task_mismatch` (400): The model does another task
   * - `unauthenticated` (401): Authentication is required
   * - `forbidden` (403): Access is denied
   * - `model_not_found` (404): No such model
   * - `version_not_found` (404): No such model version
   * - `route_not_found` (404): No such route
   * - `method_not_allowed` (405): Method not allowed
   * - `not_acceptable` (406): No acceptable answer format
   * - `request_timeout` (408): The request came too slowly
   * - `image_too_large` (413): The image has too many bytes
   * - `body_too_large` (413): The body is too large
   * - `unsupported_media_type` (415): The format is not supported
   * - `image_undecodable` (422): The image cannot be decoded
   * - `too_many_pixels` (422): The image has too many pixels
   * - `answer_too_large` (422): The answer would be too large
   * - `upgrade_required` (426): A WebSocket is expected
   * - `rate_limited` (429): Too many requests
   * - `queue_full` (429): The queue is full
   * - `headers_too_large` (431): The headers are too large
   * - `internal_error` (500): Internal error
   * - `upstream_rejected` (502): The model server refused the request
   * - `upstream_invalid_response` (502): The model server answered nonsense
   * - `signature_mismatch` (502): The model signature is not understood
   * - `upstream_response_too_large` (502): The answer of the model server is too large
   * - `model_not_ready` (503): The model is not ready
   * - `upstream_unavailable` (503): The model server is unavailable
   * - `shutting_down` (503): The gateway is shutting down
   * - `deadline_exceeded` (504): The deadline has passed
   */
  readonly code: "malformed_request" | "invalid_parameter" | "parameter_conflict" | "missing_image" | "too_many_images" | "invalid_base64" | "task_mismatch" | "unauthenticated" | "forbidden" | "model_not_found" | "version_not_found" | "route_not_found" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "image_too_large" | "body_too_large" | "unsupported_media_type" | "image_undecodable" | "too_many_pixels" | "answer_too_large" | "upgrade_required" | "rate_limited" | "queue_full" | "headers_too_large" | "internal_error" | "upstream_rejected" | "upstream_invalid_response" | "signature_mismatch" | "upstream_response_too_large" | "model_not_ready" | "upstream_unavailable" | "shutting_down" | "deadline_exceeded"
  /** Finds this request in the log of the gateway; also in `x-request-id`. */
  readonly request_id: string
  /** Every field that is wrong. */
  readonly errors?: readonly ({
    /** Name of the parameter, or path into it. */
    readonly field: string
    /** What is wrong with it. */
    readonly message: string
  })[]
}

/** The number of one image, or why it has none. */
export type RegressItem = {
  /** Position of the upload in the request. */
  readonly index: number
  /** Name of the upload, null without one. */
  readonly filename: string | null
  readonly status: 200
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** One number. */
  readonly regressions: readonly ({
    /** As the model gives it. */
    readonly value: number
  })[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
} | {
  /** Position of the upload in the request. */
  readonly index: number
  /** Name of the upload, null without one. */
  readonly filename: string | null
  /** The HTTP status of this image. */
  readonly status: number
  readonly error: Problem
}

/** The number that the model gives for the image. */
export type RegressResponse = {
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** One number. */
  readonly regressions: readonly ({
    /** As the model gives it. */
    readonly value: number
  })[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
}

/** New parameters are in force. */
export type StreamChange = {
  /** The first frame that they apply to. */
  readonly frame: number
  /** Frames so far that gave way to newer ones before their turn. */
  readonly dropped: number
  /** Names of the parameters. */
  readonly changed: readonly string[]
}

/** Why a frame or a message of parameters has no answer. */
export type StreamFailure = {
  /** Which frame it was; null where it was parameters, or what the stream is closed for next. */
  readonly frame: number | null
  /** Frames so far that gave way to newer ones before their turn. */
  readonly dropped: number
  readonly error: Problem
  /** Seconds after which trying again makes sense, where that is known. */
  readonly retry_after?: number
}

/** A message of a stream. */
export type StreamMessage = StreamResult | StreamFailure | StreamChange

/** What was found in a frame. */
export type StreamResult = {
  /** Which frame it was, from 0, by order of arrival. */
  readonly frame: number
  /** Frames so far that gave way to newer ones before their turn. */
  readonly dropped: number
  /** The model that answered. */
  readonly model: {
    /** Name of the model. */
    readonly name: string
    /** Model version as text; empty where the server names none. */
    readonly version: string
    /** Signature. */
    readonly signature: string
  }
  readonly image: {
    /** Width in pixels of the upright image. */
    readonly width: number
    /** Height in pixels of the upright image. */
    readonly height: number
    /** Format of the upload, read from its bytes. */
    readonly format: string
    /** EXIF orientation of the upload; boxes already have it applied. */
    readonly orientation: number
  }
  /** Best scores first; empty when none. */
  readonly detections: readonly Detection[]
  /** Milliseconds that each stage took. */
  readonly timings_ms: {
    /** Waiting for a slot. */
    readonly queue: number
    /** Decoding the image. */
    readonly decode: number
    /** The calls to the model server. */
    readonly predict: number
    /** Boxes, filters and order. */
    readonly postprocess: number
    /** From the last byte of the body to the answer. */
    readonly total: number
  }
}

/** Element type and shape of an input or output. */
export type TensorInfo = {
  /** Element type, such as DT_UINT8. */
  readonly dtype: string
  /** Dimensions, -1 where free; null when not even their number is known. */
  readonly shape: readonly number[] | null
}

/** What can be asked of a detection; the same names as in forms, queries and JSON. */
export type DetectParameters = {
  /** Model to use; the default model unless given. */
  readonly model?: string
  /** Version of the model; the latest unless given. A number, but for servers whose versions are text. Excludes `version_label`. */
  readonly version?: string
  /** Label of a version, such as `stable`. Excludes `version`. */
  readonly version_label?: string
  /** Lowest score of a detection, from 0 to 1. Default: what the model card says, else 0.5. */
  readonly min_score?: number
  /** Lowest score by label name or class id, in place of `min_score`. Text: `person:0.6,dog:0.4` with CSV quoting; JSON: an object. */
  readonly thresholds?: { readonly [name: string]: number }
  /** Label names or class ids to keep. Text: comma separated with CSV quoting; may repeat; JSON: an array. */
  readonly labels?: readonly string[]
  /** Label names or class ids to drop, written as `labels` is. */
  readonly exclude_labels?: readonly string[]
  /** Most detections, best scores first. Default: what the model card says, else 100. */
  readonly max_detections?: number
  /** Non-max suppression: of two boxes of a class that overlap more than this, the weaker goes. Default: what the model card says, else none, or 0.45 for a model that leaves it to others. */
  readonly iou_threshold?: number
  /** For small objects in large photos: the model sees the whole image and its tiles, columns x rows of them (`3x2`: three side by side, two below each other; 8x8 at most), or as many as it takes to shrink none by more than two (`auto`, sixteen at most). An object that several show is answered once. */
  readonly tiles?: string
  /** Part of a tile that its neighbour shows too, from 0 to 0.5: objects up to this size are complete in one of them. Default: 0.2. */
  readonly overlap?: number
  /** Parts of the image that detections must be in, or stay out of with `exclude`. Text: the same list as JSON text. */
  readonly regions?: readonly ({
    /** Name of the region; its position in the list unless given. */
    readonly id?: string
    /** Left edge. */
    readonly x_min: number
    /** Top edge. */
    readonly y_min: number
    /** Right edge. */
    readonly x_max: number
    /** Bottom edge. */
    readonly y_max: number
    /** Unit of the edges: pixels of the upright image, or fractions of its sides. */
    readonly unit: "pixel" | "fraction"
    /** Which part of a box has to be in the region. */
    readonly match?: "center" | "intersects" | "contains"
    /** Whether detections in the region are dropped rather than kept. */
    readonly exclude?: boolean
  })[]
  /** Answer with JSON, with the annotated picture (`png`, `jpeg`, `webp`), with a ZIP of a JPEG for each detection (`crops`), or as labelling tools read it (`coco`, `yolo`, `voc`). Default: what `Accept` asks for, else `json`. */
  readonly format?: "json" | "png" | "jpeg" | "webp" | "crops" | "coco" | "yolo" | "voc"
  /** What is made unrecognizable in the picture, by label name, class id or `*` for all: `blur`, `pixelate` or `fill`. Text: `person:blur,car:fill` with CSV quoting; JSON: an object. Needs a picture or `crops`; boxes are then not drawn. It concerns every detection that reaches the minimum score, whatever `labels`, `regions` and `max_detections` say. */
  readonly redact?: { readonly [name: string]: "blur" | "pixelate" | "fill" }
  /** Encoding quality of the annotated picture. Default: 85. */
  readonly quality?: number
  /** Longest side in pixels of the annotated picture. Default: as large as the image. WebP ends at 16383. */
  readonly picture_max_side?: number
  /** Deadline of the answer in milliseconds after the last byte of the body, at most the server's own. */
  readonly timeout_ms?: number
}

/** What can be asked of a classification; the same names as in forms and JSON. */
export type ClassifyParameters = {
  /** Model to use; the default model unless given. */
  readonly model?: string
  /** Version of the model; the latest unless given. A number, but for servers whose versions are text. Excludes `version_label`. */
  readonly version?: string
  /** Label of a version, such as `stable`. Excludes `version`. */
  readonly version_label?: string
  /** Most classes, best scores first. Default: what the model card says, else 5. */
  readonly top_k?: number
  /** Lowest score of a class, from 0 to 1. Default: what the model card says, else none. */
  readonly min_score?: number
  /** Label names or class ids to keep. Text: comma separated with CSV quoting; may repeat; JSON: an array. */
  readonly labels?: readonly string[]
  /** Label names or class ids to drop, written as `labels` is. */
  readonly exclude_labels?: readonly string[]
  /** Deadline of the answer in milliseconds after the last byte of the body, at most the server's own. */
  readonly timeout_ms?: number
}

/** What can be asked of a regression; the same names as in forms and JSON. */
export type RegressParameters = {
  /** Model to use; the default model unless given. */
  readonly model?: string
  /** Version of the model; the latest unless given. A number, but for servers whose versions are text. Excludes `version_label`. */
  readonly version?: string
  /** Label of a version, such as `stable`. Excludes `version`. */
  readonly version_label?: string
  /** Deadline of the answer in milliseconds after the last byte of the body, at most the server's own. */
  readonly timeout_ms?: number
}
