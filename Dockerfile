# The app in a container:  docker build -t quantize . && docker run -p 8501:8501 -v shares:/data quantize
FROM python:3.11-slim

# uid 1000 is the one that Hugging Face Spaces runs containers as; /data is where it mounts lasting storage.
RUN useradd --create-home --uid 1000 app \
 && mkdir -p /data/shares /kernels \
 && chown -R app:app /data /kernels

WORKDIR /app

# Packages before code: a change of code installs nothing anew. Wheels only: there is no compiler here.
# Another package, for shared pictures in S3:  --build-arg EXTRA="s3fs~=2026.9"
ARG EXTRA=""
COPY requirements.txt ./
RUN pip install --no-cache-dir --only-binary :all: -r requirements.txt $EXTRA

# The code belongs to root; the app's user may write to two folders only: compiled kernels and shared pictures.
# numba wants to write to its folder even where everything is compiled already. Streamlit's welcome would ask
# another host for this one's address. With more than two arenas freed memory stays in many places.
ENV NUMBA_CACHE_DIR=/kernels \
    QUANTIZE_SHARE_STORE=/data/shares \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE=true \
    MALLOC_ARENA_MAX=2 \
    PYTHONUNBUFFERED=1

# Engine before pages: a change of a page compiles no kernel anew.
COPY deploy/entry.sh deploy/healthy.py deploy/
COPY quantize quantize
RUN python -m compileall -q quantize
USER 1000
RUN sh deploy/entry.sh python -c "from quantize import warm; warm()"
USER root
COPY .streamlit .streamlit
COPY pages pages
COPY app.py ./
RUN python -m compileall -q pages
USER 1000

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "/app/deploy/healthy.py"]
ENTRYPOINT ["sh", "/app/deploy/entry.sh"]
# PORT is what many hosts say it in.
CMD ["sh", "-c", "exec streamlit run app.py --server.port=${PORT:-8501}"]
