//! The accept loop: bounded connections, a time limit for every request's head, a clean end.
//!
//! It is our own because `axum::serve` has no time limit for heads, and lets requests with two Hosts through.

use std::any::Any;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, Request, Response, Version};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::host::Host;
use crate::log::{Level, log};
use crate::problem::Problem;

const HEADERS_MAX: usize = 100;
/// How long the loop rests when the machine has no file descriptors left.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Serves until `shutdown` resolves, then lets the requests in flight finish.
pub(crate) async fn serve(listener: TcpListener, host: Arc<Host>, router: Router, shutdown: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(host.config.limits.connections));
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, permit) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &room) => accepted,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
        };
        connections.spawn(connection(stream, permit, host.clone(), router.clone(), stopped.clone()));
    }
    drop(listener);
    stop.send_replace(true);
    let drained = async { while connections.join_next().await.is_some() {} };
    let limit = Duration::from_millis(host.config.limits.drain_timeout_ms);
    if tokio::time::timeout(limit, drained).await.is_err() {
        log(Level::Warning, "connections are cut at shutdown", &[("connections", &connections.len())]);
        connections.shutdown().await;
    }
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        let permit = room.clone().acquire_owned().await.expect("the semaphore is never closed");
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            Err(error) => {
                log(Level::Warning, "a connection was not accepted", &[("error", &error)]);
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    _permit: OwnedSemaphorePermit,
    host: Arc<Host>,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    // answers are small and waited for
    let _ = stream.set_nodelay(true);
    let limits = &host.config.limits;
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.head_timeout_ms))
        .max_headers(HEADERS_MAX)
        .max_buf_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| answer(service.clone(), request)));
    let mut connection = pin!(connection);
    let is_over = tokio::select! {
        _ = connection.as_mut() => true,
        _ = stopped.wait_for(|stop| *stop) => false,
    };
    if !is_over {
        connection.as_mut().graceful_shutdown();
        // an error of the connection is the client's to notice
        let _ = connection.await;
    }
}

/// Checks the head, and answers 500 when the handler panics, so that the connection lives.
async fn answer(service: TowerToHyperService<Router>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    if let Err(problem) = check_head(request.version(), request.headers()) {
        return Ok(problem.into_response());
    }
    let mut handling = Box::pin(service.call(request));
    let outcome = poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut handling).poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(response)) => Poll::Ready(Ok(response)),
        Err(panic) => Poll::Ready(Err(panic)),
    });
    match outcome.await {
        Ok(response) => response,
        Err(panic) => {
            log(Level::Error, "a handler panicked", &[("panic", &text_of(&*panic))]);
            Ok(Problem::Internal.into_response())
        }
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text")
}

/// What hyper lets through and proxies disagree about.
fn check_head(version: Version, headers: &HeaderMap) -> Result<(), Problem> {
    let hosts = headers.get_all(HOST).iter().count();
    if hosts > 1 || (hosts == 0 && version >= Version::HTTP_11) {
        return Err(Problem::BadMessage("a request has one Host header"));
    }
    if headers.contains_key(TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        return Err(Problem::BadMessage("a request has a Content-Length or a Transfer-Encoding, not both"));
    }
    if headers.get_all(CONTENT_LENGTH).iter().count() > 1 {
        return Err(Problem::BadMessage("a request has one Content-Length header"));
    }
    Ok(())
}
