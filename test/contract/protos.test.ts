import { readdirSync } from 'node:fs'
import grpc from '@grpc/grpc-js'
import wrappers from 'google-protobuf/google/protobuf/wrappers_pb.js'
import t from 'tap'
import tensor from '../../generated/tensorflow/core/framework/tensor_pb.js'
import types from '../../generated/tensorflow/core/framework/types_pb.js'
import model from '../../generated/tensorflow_serving/apis/model_pb.js'
import predict from '../../generated/tensorflow_serving/apis/predict_pb.js'
import stubs from '../../generated/tensorflow_serving/apis/prediction_service_grpc_pb.js'

const { PredictRequest, PredictResponse } = predict

const listFiles = (directory: string, suffix: string) =>
  readdirSync(new URL(`../../${directory}/`, import.meta.url), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .sort()

const makeRequest = (content: Uint8Array) => {
  const version = new wrappers.Int64Value()
  version.setValue(3)
  const spec = new model.ModelSpec()
  spec.setName('m')
  spec.setVersion(version)
  const input = new tensor.TensorProto()
  input.setDtype(types.DataType.DT_UINT8)
  input.setTensorContent(content)
  const request = new PredictRequest()
  request.setModelSpec(spec)
  request.getInputsMap().set('x', input)
  request.addOutputFilter('y')
  return request
}

t.test('generated/ has a module and types for each definition, and no others', async (t) => {
  const definitions = listFiles('proto', '.proto')
  const messages = (suffix: string) =>
    listFiles('generated', suffix).filter((name) => !name.endsWith('_grpc'))
  t.strictSame(messages('_pb.js'), definitions)
  t.strictSame(messages('_pb.d.ts'), definitions)
  const services = [
    'inference/open_inference',
    'tensorflow_serving/apis/model_service',
    'tensorflow_serving/apis/prediction_service',
  ]
  t.strictSame(listFiles('generated', '_grpc_pb.js'), services)
  t.strictSame(listFiles('generated', '_grpc_pb.d.ts'), services)
})

t.test('a PredictRequest has the bytes that the definitions say', async (t) => {
  const spec = '0a 07 0a 01 6d 12 02 08 03'
  const entry = '12 0b 0a 01 78 12 06 08 04 22 02 ff 00'
  const filter = '1a 01 79'
  const bytes = Buffer.from(makeRequest(new Uint8Array([0xff, 0])).serializeBinary())
  t.equal(bytes.toString('hex'), [spec, entry, filter].join('').replaceAll(' ', ''))
})

t.test('TensorProto reads numbers packed and one by one, and keeps all 64 bits', async (t) => {
  const int64Max = 'ff ff ff ff ff ff ff ff 7f'
  const int64Min = '80 80 80 80 80 80 80 80 80 01'
  const rows = [
    ['packed', `52 13 ${int64Max} ${int64Min}`],
    ['one by one', `50 ${int64Max} 50 ${int64Min}`],
  ] as const
  for (const [name, hex] of rows) {
    const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
    const values = tensor.TensorProto.deserializeBinary(bytes).getInt64ValList()
    t.strictSame(values, ['9223372036854775807', '-9223372036854775808'], name)
  }
})

t.test('the stubs read a message without copying the picture inside it', async (t) => {
  const { predict: method } = stubs.PredictionServiceService
  const bytes = method.requestSerialize(makeRequest(new Uint8Array(1000)))
  t.type(bytes, Buffer)
  const content = method.requestDeserialize(bytes).getInputsMap().get('x')?.getTensorContent_asU8()
  t.equal(content?.length, 1000)
  t.equal(content?.buffer, bytes.buffer)
})

t.test('the stubs carry a call over a socket', async (t) => {
  const server = new grpc.Server()
  t.teardown(() => server.forceShutdown())
  server.addService(stubs.PredictionServiceService, {
    predict: (
      call: grpc.ServerUnaryCall<predict.PredictRequest, predict.PredictResponse>,
      callback: grpc.sendUnaryData<predict.PredictResponse>,
    ) => {
      const response = new PredictResponse()
      response.setModelSpec(call.request.getModelSpec())
      callback(null, response)
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure()
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  const client = new stubs.PredictionServiceClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  )
  t.teardown(() => client.close())
  const response = await new Promise<predict.PredictResponse>((resolve, reject) => {
    client.predict(makeRequest(new Uint8Array(3_000_000)), (error, answer) =>
      error || !answer ? reject(error) : resolve(answer),
    )
  })
  t.equal(response.getModelSpec()?.getVersion()?.getValue(), 3)
})
