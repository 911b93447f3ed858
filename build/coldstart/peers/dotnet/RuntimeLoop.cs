using System.Net.Http.Headers;
using System.Text;

namespace Peers;

/// <summary>A minimal Runtime API loop on HttpClient.</summary>
internal static class RuntimeLoop
{
    public static async Task RunAsync(Func<byte[], Task<string>> handle)
    {
        var api = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new($"http://{api}/2018-06-01/runtime/invocation/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        while (true)
        {
            using var next = await client.GetAsync("next");
            var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").First();
            var path = "/response";
            string answer;
            try
            {
                answer = await handle(await next.Content.ReadAsByteArrayAsync());
            }
            catch (Exception e)
            {
                path = "/error";
                answer = $$"""{"errorType":"Function.{{e.GetType().Name}}","errorMessage":""}""";
            }

            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var done = await client.PostAsync(id + path, content);
        }
    }
}
