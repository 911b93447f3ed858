using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Applies a fault of the world to a call.</summary>
internal static class FaultInjection
{
    public const string Message = "ordered by the world";

    /// <returns>True when the call is over; false when it continues.</returns>
    /// <exception cref="AwsError">The fault is an error response.</exception>
    public static async Task<bool> ApplyAsync(HttpContext context, Fault fault, PendingCall call, LocalWorld world, Func<string> run)
    {
        switch (fault.Kind)
        {
            case FaultKind.NotFound:
                var resources = (call.Parameters as JsonObject)?["Resources"] as JsonArray ?? [];
                foreach (var id in resources)
                {
                    world.UnknownUntil[id!.GetValue<string>()] = DateTimeOffset.UtcNow.AddMilliseconds(fault.Milliseconds);
                }

                return false;
            case FaultKind.Slow:
                await Task.Delay(fault.Milliseconds, context.RequestAborted);
                return false;
            case FaultKind.AcceptedThenServerError:
                run();
                throw ServerError(call);
            case FaultKind.Silent:
                world.Record(call.Answered(0, fault.Kind.ToString()));
                await HangAsync(context);
                return true;
            case FaultKind.Reset or FaultKind.AcceptedThenReset:
                if (fault.Kind == FaultKind.AcceptedThenReset)
                {
                    run();
                }

                world.Record(call.Answered(0, fault.Kind.ToString()));
                Reset(context);
                return true;
            default:
                throw ErrorOf(fault, call);
        }
    }

    private static AwsError ErrorOf(Fault fault, PendingCall call)
    {
        var ec2 = call.Service.Name == "ec2";
        const string Expired = "The security token included in the request is expired";
        return fault.Kind switch
        {
            FaultKind.Throttle => Throttled(call),
            FaultKind.ExpiredToken => new(403, ec2 ? "RequestExpired" : "ExpiredTokenException", Expired),
            FaultKind.Error => new(fault.Status, fault.Code, Message),
            FaultKind.InvalidInstanceId => new(400, "InvalidInstanceId", "Instances not in a valid state"),
            _ => ServerError(call),
        };
    }

    /// <summary>The error of a call that its service throttles.</summary>
    public static AwsError Throttled(PendingCall call) => call.Service.Name == "ec2"
        ? new(503, "RequestLimitExceeded", "Request limit exceeded.")
        : new(400, "ThrottlingException", "Rate exceeded");

    private static AwsError ServerError(PendingCall call) =>
        new(500, call.Service.Name == "ec2" ? "InternalError" : "InternalServerError", "An internal error has occurred");

    private static async Task HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static void Reset(HttpContext context)
    {
        // With a linger time of 0, closing the socket sends RST.
        if (context.Features.Get<IConnectionSocketFeature>() is { } feature)
        {
            feature.Socket.LingerState = new(true, 0);
        }

        context.Abort();
    }
}
