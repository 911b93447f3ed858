namespace FastTrigger.Events;

/// <summary>The form in which an HTTP request is described, and in which its answer is expected.</summary>
internal enum HttpForm
{
    /// <summary>
    /// API Gateway's REST APIs, and HTTP APIs with payload format 1.0
    /// (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
    /// </summary>
    Rest,

    /// <summary>
    /// HTTP APIs with payload format 2.0 (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html)
    /// and Function URLs (docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html).
    /// </summary>
    Http,

    /// <summary>
    /// WebSocket APIs (docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html).
    /// </summary>
    WebSocket,

    /// <summary>Application Load Balancers (docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).</summary>
    LoadBalancer,
}
