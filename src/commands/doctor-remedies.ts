import type { ServerPlace } from '../serving/model-servers.js'

/** What to do about what a kind of model server does not do. */
export interface ServerRemedies {
  /** It is not there, or not yet. */
  readonly unreachable: string
  /** Something else is there. */
  readonly otherServer: string
  readonly notServed: string
  readonly tryAgain: string
  readonly badVersion: string
  readonly notAvailable: string
  /** Names that are not found, or none at all. */
  readonly noSignature: string
  /** A failure that only its log explains. */
  readonly log: string
  readonly rejected: string
  readonly cold: (model: string) => string
}

const NAMES = '"signature", "inputs": {"image": ...}, "outputs": {"detection_boxes": ...}' as const

/** Remedies by the protocol of the server. */
export const SERVER_REMEDIES: Readonly<Record<ServerPlace['protocol'], ServerRemedies>> = {
  'tf-serving': {
    unreachable:
      'Start TensorFlow Serving, or name its gRPC port with --target or TF_SERVING_TARGET: 8500, not 8501, which is REST. ' +
      'It opens the port only when every model of models.config has loaded: its log says what it waits for',
    otherServer:
      'Something else than TensorFlow Serving listens there: name its gRPC port with --target or TF_SERVING_TARGET, or ' +
      'say --protocol oip or OIP_TARGET for a server of the Open Inference Protocol',
    notServed:
      'Add it to models.config (export does) and start TensorFlow Serving with --model_config_file and ' +
      '--model_config_file_poll_wait_seconds=10, or correct the name',
    tryAgain: 'Try again; the log of TensorFlow Serving tells more',
    badVersion:
      'Export it again, with a new number; `inspect` tells what is wrong with what is there',
    notAvailable:
      'It may be loading: try again. Otherwise its log tells why; a version needs saved_model.pb in a folder whose name is a number',
    noSignature: `Write the names on the card: ${NAMES}`,
    log: 'The log of TensorFlow Serving tells more',
    rejected: 'Card and model do not fit each other, or the model is broken: `inspect` tells',
    cold: (model) =>
      `Let TensorFlow Serving warm it up: \`warmup ${model}\` writes the requests, \`export --warmup\` too`,
  },
  oip: {
    unreachable:
      'Start the server, or name its gRPC port with --target, OIP_TARGET or server.target on the card: 8001 of Triton, ' +
      '8081 of MLServer and KServe, not the HTTP port beside it',
    otherServer:
      'Something else than a server of the Open Inference Protocol listens there: name its gRPC port, or say ' +
      '"protocol": "tf-serving" or TF_SERVING_TARGET for TensorFlow Serving',
    notServed:
      'Load it into the server, or correct the name: gateway and server have one name for it',
    tryAgain: 'Try again; the log of the server tells more',
    badVersion: 'Mend it in the repository of the server, whose log tells what is wrong',
    notAvailable: 'It may be loading: try again. Otherwise the log of the server tells why',
    noSignature: `Write on the card what the server does not declare: "input": {"dtype": "UINT8"}, ${NAMES}`,
    log: 'The log of the server tells more',
    rejected:
      'Card and model do not fit each other, or the model is broken: the log of the server tells',
    cold: () => 'Let the server warm it up: model_warmup in config.pbtxt of Triton',
  },
}
