//! A function in Rust that reads its event and gives a fixed answer. It works as lambda_runtime does: tokio with one thread, the pooled
//! client of hyper, and the event as a value of serde_json.
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::Request;
use hyper_util::client::legacy::{connect::HttpConnector, Client};
use hyper_util::rt::TokioExecutor;
use serde_json::{json, Value};

type Error = Box<dyn std::error::Error + Send + Sync>;

async fn handle(event: Value) -> Result<Value, Error> {
    event.as_object().ok_or("the event is no object")?;
    Ok(json!({ "items": 1 }))
}

async fn run() -> Result<(), Error> {
    let api = format!("http://{}/2018-06-01/runtime/invocation", std::env::var("AWS_LAMBDA_RUNTIME_API")?);
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    loop {
        let next = client.request(Request::get(format!("{api}/next")).body(Full::default())?).await?;
        let id = next.headers()["lambda-runtime-aws-request-id"].to_str()?.to_owned();
        let payload = next.into_body().collect().await?.to_bytes();
        let outcome = match serde_json::from_slice(&payload) {
            Ok(event) => handle(event).await,
            Err(error) => Err(error.into()),
        };
        let (path, answer) = match outcome {
            Ok(answer) => ("response", answer),
            Err(error) => ("error", json!({ "errorType": "Function.Failed", "errorMessage": error.to_string() })),
        };
        let body = Full::new(Bytes::from(serde_json::to_vec(&answer)?));
        let done = client.request(Request::post(format!("{api}/{id}/{path}")).body(body)?).await?;
        done.into_body().collect().await?;
    }
}

fn main() -> Result<(), Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}
