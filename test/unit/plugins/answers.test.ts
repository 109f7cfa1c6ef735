import Fastify from 'fastify'
import t from 'tap'
import answers from '../../../src/plugins/answers.js'
import errorHandler from '../../../src/plugins/error-handler.js'
import metrics from '../../../src/plugins/metrics.js'
import requestBody from '../../../src/plugins/request-body.js'

const ANSWER_BYTES = 100_000

t.test(
  'an answer that is larger than all answers may be says how to make it smaller',
  async (t) => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(errorHandler)
    await app.register(requestBody)
    await app.register(metrics, { isKnownModel: () => true })
    await app.register(answers, { answerBytes: ANSWER_BYTES, answerTimeoutMs: 1000 })
    app.get('/:bytes', async (request) =>
      Buffer.alloc(Number((request.params as { bytes: string }).bytes)),
    )
    t.equal((await app.inject(`/${ANSWER_BYTES}`)).statusCode, 200)
    const refused = await app.inject(`/${ANSWER_BYTES + 1}`)
    t.match(refused.json(), { status: 422, code: 'too_many_pixels', detail: /picture_max_side/ })
  },
)
