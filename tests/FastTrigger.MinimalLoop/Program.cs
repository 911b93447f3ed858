using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

// The Runtime API loop with a fixed answer: the baseline that routing is measured against.
var settings = Settings.Read(Settings.FromProcess, []);
_ = Origin.TryParse("http://" + settings.RuntimeApi, out var origin, out _);
var log = new Log(settings.LogJson, settings.LogLevel, settings.Clock);
return new InvocationLoop(new RuntimeApiClient(origin, settings.Clock), Answer, log).Run();

static InvocationResult Answer(Invocation invocation, ByteBuffer answer)
{
    answer.Append("{\"items\":1,\"routes\":[]}"u8);
    return InvocationResult.Answered;
}
