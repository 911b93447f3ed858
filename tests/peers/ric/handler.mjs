// A function that streams its answer, which is what AWS's client does without its native library.
export const answer = awslambda.streamifyResponse(async (event, stream, context) => {
  if (event.fail === "early") {
    throw new TypeError("the tank is dry");
  }

  stream.write(JSON.stringify({ tank: event.tank, id: context.awsRequestId, arn: context.invokedFunctionArn }));
  if (event.fail === "late") {
    throw new RangeError("the pump stopped");
  }

  stream.end();
});
