"use strict";

// All panels are drawn by one WebGL canvas that is not on the page, in more
// samples than pixels, and copied to the canvases that are: first colours and
// depths, then from those the shadows and the haze.

const number = x => x.toFixed(6); // as shaders want them

const common = `#version 300 es
precision highp float;
uniform mat3 turn;  // to the camera's axes: right, up, back to the eye
uniform float near; // 1 over the distance of the eye, or 0
uniform vec3 ground; // the colour of the page
float lit(vec3 n) { return ${number(scene.Ambient)} + ${number(scene.Diffuse)} * max(0.0, dot(n, vec3(${scene.Light.map(number)}))); }
float towardsEye(vec3 n) { return lit(n.z < 0.0 ? -n : n); }
`;
const place = `
uniform vec4 view; // how much to stretch and then to move what is seen
vec4 seen(vec3 v) {
	float w = 1.0 - v.z * near;
	return vec4(v.xy * view.xy + view.zw * w, -v.z / 2.0, w);
}
`;
const dotVertex = common + place + `
uniform float radius, lift, scale; // of dots, how far colours go to white, and in samples of what has size 1
in vec3 at, normal, color;
flat out vec3 fill;
flat out float surface, z;
void main() {
	vec3 v = turn * (at * 2.0 - 1.0);
	gl_Position = seen(v);
	gl_PointSize = max(2.0 * radius * scale / gl_Position.w, 1.0);
	fill = mix(color, vec3(1), lift);
	z = v.z;
	surface = normal == vec3(0) ? 0.0 : towardsEye(turn * normalize(normal));
}`;
const dotFragment = common + `
uniform float radius;
flat in vec3 fill;
flat in float surface, z;
out vec4 result;
void main() {
	vec2 u = vec2(2.0, -2.0) * (gl_PointCoord - 0.5);
	float rest = 1.0 - dot(u, u);
	if (rest < 0.0) discard;
	float up = sqrt(rest), front = z + radius * up;
	gl_FragDepth = 0.5 - front / (1.0 - front * near) / 4.0;
	result = vec4(fill * (surface > 0.0 ? surface * (0.8 + 0.2 * up) : lit(vec3(u, up))), 1);
}`;
const facetVertex = common + place + `
uniform float lift;
in vec3 a, b, c, color; // the same for all three corners
flat out vec3 fill;
void main() {
	vec3 at = gl_VertexID == 0 ? a : gl_VertexID == 1 ? b : c;
	gl_Position = seen(turn * (at * 2.0 - 1.0));
	vec3 n = cross(b - a, c - a);
	float size = length(n);
	fill = mix(color, vec3(1), lift) * towardsEye(size > 0.0 ? turn * (n / size) : vec3(0));
}`;
const facetFragment = common + `
flat in vec3 fill;
out vec4 result;
void main() { result = vec4(fill, 1); }`;
const wholeVertex = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3 : -1, gl_VertexID == 2 ? 3 : -1, 0, 1); }`;
const wholeFragment = common + `
uniform highp sampler2D colors, depths;
uniform ivec2 size;
uniform float apart; // how much farther away neighbours are
out vec4 result;
float depth(ivec2 p) { return (0.5 - texelFetch(depths, p, 0).x) * 4.0; }
bool empty(float d) { return d < -1.9; }
float nearer(ivec2 p, float d) {
	if (min(p.x, p.y) < 0 || any(greaterThanEqual(p, size))) return 0.0;
	float n = depth(p);
	return empty(n) ? 0.0 : n - d;
}
void main() {
	ivec2 dome[${scene.Dome.length}] = ivec2[](${scene.Dome.map(d => `ivec2(${d})`)});
	ivec2 p = ivec2(gl_FragCoord.xy);
	float d = depth(p), hidden = 0.0;
	result = vec4(ground, 1);
	if (empty(d)) return;
	for (int i = 0; i < dome.length(); i++) {
		ivec2 n = ivec2(round(vec2(dome[i]) * apart));
		hidden += clamp(nearer(p + n, d) + nearer(p - n, d), 0.0, ${number(scene.DomeMost)});
	}
	float z = d / (1.0 + d * near);
	result.rgb = mix(texelFetch(colors, p, 0).rgb * exp(-${number(scene.DomeStrength)} * hidden), ground, ${number(scene.Haze)} * max(1.0 - z, 0.0) / 2.0);
}`;

const help = document.getElementById("help");
const gl = document.createElement("canvas").getContext("webgl2", {alpha: false, antialias: false, depth: false});
const shown = [...document.querySelectorAll("canvas")];
let drawn; // what is on the graphics card
let yaw, pitch, zoom, right, up; // how the mouse has turned, enlarged and moved what is seen

// unpack turns the text of the file into bytes.
function unpack(text) {
	const s = atob(text), bytes = new Uint8Array(s.length);
	for (let i = 0; i < s.length; i++) bytes[i] = s.charCodeAt(i);
	return bytes;
}

function program(vertex, fragment) {
	const p = gl.createProgram();
	for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
		const s = gl.createShader(kind);
		gl.shaderSource(s, text);
		gl.compileShader(s);
		gl.attachShader(p, s);
	}
	gl.linkProgram(p);
	if (!gl.getProgramParameter(p, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(p));
	return {use: p, at: name => gl.getUniformLocation(p, name)};
}

// arrays puts bytes on the graphics card. An attribute is a name and the bytes,
// kind and place of three numbers in them, from one thing to the next.
function arrays(p, each, ...attributes) {
	const vao = gl.createVertexArray();
	gl.bindVertexArray(vao);
	for (const [name, data, kind, stride, offset] of attributes) {
		const at = gl.getAttribLocation(p.use, name);
		if (!data.length) continue; // zero for all
		gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
		gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
		gl.enableVertexAttribArray(at);
		gl.vertexAttribPointer(at, 3, kind, true, stride, offset);
		gl.vertexAttribDivisor(at, each);
	}
	return vao;
}

// start prepares the graphics card.
function start() {
	const dot = program(dotVertex, dotFragment), facet = program(facetVertex, facetFragment);
	drawn = {
		dot, facet, whole: program(wholeVertex, wholeFragment),
		empty: gl.createVertexArray(), colors: gl.createTexture(), depths: gl.createTexture(), frame: gl.createFramebuffer(),
		panels: scene.Panels.map(({Own, Radius, Dots, Facets}) => {
			const corners = unpack(Facets.At);
			return {
				own: Own, radius: Radius, dots: Dots.Count, facets: Facets.Count,
				dotArrays: arrays(dot, 0,
					["at", unpack(Dots.At), gl.UNSIGNED_SHORT, 6, 0],
					["normal", unpack(Dots.Normal), gl.BYTE, 3, 0],
					["color", unpack(Dots.Color), gl.UNSIGNED_BYTE, 3, 0]),
				facetArrays: arrays(facet, 1,
					["a", corners, gl.UNSIGNED_SHORT, 18, 0],
					["b", corners, gl.UNSIGNED_SHORT, 18, 6],
					["c", corners, gl.UNSIGNED_SHORT, 18, 12],
					["color", unpack(Facets.Color), gl.UNSIGNED_BYTE, 3, 0]),
			};
		}),
	};
	gl.canvas.width = gl.canvas.height = 0;
	redraw();
}

// grow makes room for a panel of so many samples.
function grow(width, height) {
	if (width <= gl.canvas.width && height <= gl.canvas.height) return;
	gl.canvas.width = width = Math.max(width, gl.canvas.width);
	gl.canvas.height = height = Math.max(height, gl.canvas.height);
	gl.bindFramebuffer(gl.FRAMEBUFFER, drawn.frame);
	for (const [texture, inner, outer, kind, part] of [
		[drawn.colors, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, gl.COLOR_ATTACHMENT0],
		[drawn.depths, gl.DEPTH_COMPONENT24, gl.DEPTH_COMPONENT, gl.UNSIGNED_INT, gl.DEPTH_ATTACHMENT],
	]) {
		gl.bindTexture(gl.TEXTURE_2D, texture);
		gl.texImage2D(gl.TEXTURE_2D, 0, inner, width, height, 0, outer, kind, null);
		gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
		gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
		gl.framebufferTexture2D(gl.FRAMEBUFFER, part, gl.TEXTURE_2D, texture, 0);
	}
}

// camera returns the axes right, up and back to the eye, after turning first to
// the right and then up.
function camera() {
	const [r, u, b] = scene.Axes, [s, c, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
	const back = r.map((x, k) => s * x + c * b[k]);
	return [r.map((x, k) => c * x - s * b[k]), u.map((x, k) => cp * x - sp * back[k]), back.map((x, k) => cp * x + sp * u[k])];
}

// draw draws all panels, with a share of the samples.
function draw(quality) {
	const style = getComputedStyle(document.body);
	const ground = style.backgroundColor.match(/\d+/g).slice(0, 3).map(x => x / 255), lift = Number(style.getPropertyValue("--lift"));
	gl.clearColor(...ground, 1);
	const axes = camera(), turn = axes[0].flatMap((_, k) => axes.map(a => a[k]));
	shown.forEach((canvas, i) => {
		const {clientWidth, clientHeight} = canvas, ratio = devicePixelRatio;
		if (!clientWidth || !clientHeight) return;
		const samples = quality * Math.min(Math.max(2, ratio), Math.sqrt(16e6 / clientWidth / clientHeight), (gl.getParameter(gl.MAX_TEXTURE_SIZE) - 1) / Math.max(clientWidth, clientHeight));
		const width = Math.ceil(clientWidth * samples), height = Math.ceil(clientHeight * samples);
		grow(width, height);
		panel(drawn.panels[i], turn, ground, lift, width, height, samples);
		canvas.width = Math.round(clientWidth * ratio);
		canvas.height = Math.round(clientHeight * ratio);
		canvas.getContext("2d").drawImage(gl.canvas, 0, gl.canvas.height - height, width, height, 0, 0, canvas.width, canvas.height);
	});
}

function panel(p, turn, ground, lift, width, height, samples) {
	const {dot, facet, whole} = drawn;
	const scale = scene.Fill * Math.min(width, height) * zoom;
	const begin = program => {
		gl.useProgram(program.use);
		gl.uniformMatrix3fv(program.at("turn"), false, turn);
		gl.uniform1f(program.at("near"), scene.Near);
		gl.uniform3fv(program.at("ground"), ground);
		gl.uniform1f(program.at("lift"), p.own ? 0 : lift);
		gl.uniform4f(program.at("view"), 2 * scale / width, 2 * scale / height, 2 * right * scale / width, 2 * up * scale / height);
	};
	gl.viewport(0, 0, width, height);
	gl.bindFramebuffer(gl.FRAMEBUFFER, drawn.frame);
	gl.enable(gl.DEPTH_TEST);
	gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
	begin(facet);
	gl.bindVertexArray(p.facetArrays);
	gl.drawArraysInstanced(gl.TRIANGLES, 0, 3, p.facets);
	begin(dot);
	gl.uniform1f(dot.at("radius"), p.radius / Math.sqrt(zoom)); // so that what is near comes apart
	gl.uniform1f(dot.at("scale"), scale);
	gl.bindVertexArray(p.dotArrays);
	gl.drawArrays(gl.POINTS, 0, p.dots);

	gl.bindFramebuffer(gl.FRAMEBUFFER, null);
	gl.disable(gl.DEPTH_TEST);
	gl.clear(gl.COLOR_BUFFER_BIT); // beyond the panel too: copying mixes its edges with what is next to them
	begin(whole);
	gl.uniform1i(whole.at("colors"), 0);
	gl.uniform1i(whole.at("depths"), 1);
	gl.uniform2i(whole.at("size"), width, height);
	gl.uniform1f(whole.at("apart"), samples / 2);
	gl.activeTexture(gl.TEXTURE1);
	gl.bindTexture(gl.TEXTURE_2D, drawn.depths);
	gl.activeTexture(gl.TEXTURE0);
	gl.bindTexture(gl.TEXTURE_2D, drawn.colors);
	gl.bindVertexArray(drawn.empty);
	gl.drawArrays(gl.TRIANGLES, 0, 3);
}

let waiting = false, last = 0, quality = 1, finish;

// redraw draws when the browser next shows a frame. Where frames take long
// after each other they have fewer samples, until it is quiet again.
function redraw() {
	if (waiting) return;
	waiting = true;
	requestAnimationFrame(now => {
		waiting = false;
		clearTimeout(finish);
		if (gl.isContextLost()) return;
		if (now - last < 1000) quality = Math.min(Math.max(quality * (now - last > 50 ? 0.7 : 1.1), 0.4), 1);
		last = now;
		draw(quality);
		if (quality < 1) finish = setTimeout(() => { if (!gl.isContextLost()) draw(1); }, 300);
	});
}

function reset() {
	[yaw, pitch, zoom, right, up] = [scene.Yaw, scene.Pitch, 1, 0, 0];
}

// enlarge zooms about a place, in pixels from the middle of a panel.
function enlarge(by, x, y, canvas) {
	by = Math.min(Math.max(zoom * by, 0.2), 100) / zoom;
	const scale = scene.Fill * Math.min(canvas.clientWidth, canvas.clientHeight) * zoom;
	right += x / scale * (1 / by - 1);
	up -= y / scale * (1 / by - 1);
	zoom *= by;
}

// listen lets the mouse and fingers turn all panels.
function listen(canvas) {
	const down = new Map(); // the fingers on the panel, or the mouse
	const middle = () => [...down.values()].reduce(([x, y], p) => [x + p[0] / down.size, y + p[1] / down.size], [0, 0]);
	const spread = () => { const [a, b] = [...down.values()]; return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 1; };
	canvas.onpointerdown = e => {
		canvas.setPointerCapture(e.pointerId);
		down.set(e.pointerId, [e.offsetX, e.offsetY]);
	};
	canvas.onpointerup = canvas.onpointercancel = e => down.delete(e.pointerId);
	canvas.onpointermove = e => {
		if (!down.has(e.pointerId)) return;
		const [x, y] = middle(), before = spread(), side = Math.min(canvas.clientWidth, canvas.clientHeight);
		down.set(e.pointerId, [e.offsetX, e.offsetY]);
		const [toX, toY] = middle();
		if (down.size > 1 || e.shiftKey || e.buttons & 2) {
			right += (toX - x) / (scene.Fill * side * zoom);
			up -= (toY - y) / (scene.Fill * side * zoom);
			if (before) enlarge(spread() / before, toX - canvas.clientWidth / 2, toY - canvas.clientHeight / 2, canvas);
		} else {
			yaw -= 4 * (toX - x) / side;
			pitch = Math.min(Math.max(pitch + 4 * (toY - y) / side, -Math.PI / 2), Math.PI / 2);
		}
		redraw();
	};
	canvas.addEventListener("wheel", e => {
		e.preventDefault();
		enlarge(Math.exp(-e.deltaY * [0.002, 0.05, 1][e.deltaMode]), e.offsetX - canvas.clientWidth / 2, e.offsetY - canvas.clientHeight / 2, canvas);
		redraw();
	}, {passive: false});
	canvas.ondblclick = () => { reset(); redraw(); };
	canvas.oncontextmenu = e => e.preventDefault();
}

try {
	if (!gl) throw new Error("This page needs a browser with WebGL 2.");
	reset();
	start();
	shown.forEach(listen);
	new ResizeObserver(redraw).observe(document.querySelector("main"));
	gl.canvas.addEventListener("webglcontextlost", e => e.preventDefault());
	gl.canvas.addEventListener("webglcontextrestored", start);
	matchMedia("(prefers-color-scheme: dark)").onchange = redraw;
	help.textContent = matchMedia("(pointer: coarse)").matches ?
		"drag to turn; two fingers to move and zoom; double tap to go back" :
		"drag to turn, with shift to move; wheel to zoom; double click to go back";
} catch (e) {
	help.style.color = "#e03030";
	help.textContent = e.message;
}
