using System.Text;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Writes responses as AWS does.</summary>
internal static class AwsResponse
{
    public static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        await context.Response.Body.WriteAsync(bytes);
    }

    public static Task WriteErrorAsync(HttpContext context, LocalService service, AwsError error)
    {
        // SQS names its former codes here, which clients still show.
        if (service is SqsService)
        {
            context.Response.Headers["x-amzn-query-error"] = $"{SqsQueryService.QueryCode(error.Code)};Sender";
        }

        return WriteAsync(context, error.Status, service.ResponseType, service.Error(error));
    }
}
