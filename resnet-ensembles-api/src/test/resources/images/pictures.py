# Makes small generated pictures and what Pillow makes of them.
import io, json, os, struct, sys, zlib
import numpy as np
from PIL import Image
out=sys.argv[1]; os.makedirs(out,exist_ok=True)
rng=np.random.default_rng(20)
def picture(w,h,c=3):
    y,x=np.mgrid[0:h,0:w]
    chans=[]
    for k in range(c):
        p=rng.uniform(0.02,0.35,4); a=128+70*np.sin(p[0]*x+p[1]*y+k)+50*np.sin(p[2]*x*y/ max(w,h)+p[3]*y)
        r=rng.integers(0,max(1,min(w,h)//2)+1); cx,cy=rng.integers(0,w),rng.integers(0,h)
        a[(x-cx)**2+(y-cy)**2<r*r]=rng.integers(0,256)
        a+=rng.normal(0,6,(h,w))
        chans.append(np.clip(a,0,255).astype(np.uint8))
    return np.stack(chans,-1) if c>1 else chans[0]
files={}
def png_raw(w,h,depth,colour,rows,extra=b'',inter=0):
    def ch(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
    return b'\x89PNG\r\n\x1a\n'+ch(b'IHDR',struct.pack('>IIBBBBB',w,h,depth,colour,0,0,inter))+extra+ch(b'IDAT',zlib.compress(rows))+ch(b'IEND',b'')
def chunk(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
def save(name,img,**k):
    img.save(os.path.join(out,name),**k); files[name]=1
def raw(name,data):
    open(os.path.join(out,name),'wb').write(data); files[name]=1
# lossless
save('png-rgb.png',Image.fromarray(picture(61,43)))
save('png-grey.png',Image.fromarray(picture(40,57,1)))
save('png-rgba.png',Image.fromarray(picture(50,37,4),'RGBA'))
save('png-grey-alpha.png',Image.fromarray(picture(33,37,2),'LA'))
save('png-palette.png',Image.fromarray(picture(48,36)).quantize(50))
p=Image.fromarray(picture(37,36)).quantize(13); save('png-palette-alpha.png',p,transparency=bytes(range(0,130,10)))
save('png-bits.png',Image.fromarray(picture(37,41,1)).convert('1'))
for d in (2,4):
    w,h=35,29; v=rng.integers(0,1<<d,(h,w))
    rows=b''
    for r in v:
        bits=''.join(format(int(t),'0%db'%d) for t in r); bits+='0'*(-len(bits)%8)
        rows+=b'\0'+bytes(int(bits[i:i+8],2) for i in range(0,len(bits),8))
    raw('png-grey-%d.png'%d,png_raw(w,h,d,0,rows))
v=np.concatenate([rng.integers(0,400,(20,31)),rng.integers(0,65536,(15,31))]).astype(np.uint16)
save('png-grey-16.png',Image.fromarray(v))
w,h=31,28
for colour,c,n in ((2,3,'rgb'),(6,4,'rgba'),(4,2,'grey-alpha')):
    v=rng.integers(0,65536,(h,w,c)).astype('>u2')
    raw('png-%s-16.png'%n,png_raw(w,h,16,colour,b''.join(b'\0'+r.tobytes() for r in v)))
v=picture(30,30); raw('png-rgb-transparent.png',png_raw(30,30,8,2,b''.join(b'\0'+r.tobytes() for r in v),chunk(b'tRNS',struct.pack('>HHH',*[int(q) for q in v[0,0]]))))
v=picture(30,31,1); raw('png-grey-transparent.png',png_raw(30,31,8,0,b''.join(b'\0'+r.tobytes() for r in v),chunk(b'tRNS',struct.pack('>H',int(v[0,0])))))
v=picture(30,31); raw('png-gamma.png',png_raw(30,31,8,2,b''.join(b'\0'+r.tobytes() for r in v),chunk(b'gAMA',struct.pack('>I',100000))+chunk(b'sRGB',b'\0')+chunk(b'bKGD',struct.pack('>HHH',1,2,3))))
v=rng.integers(0,7,(19,23)).astype(np.uint8); raw('png-palette-short.png',png_raw(23,19,8,3,b''.join(b'\0'+r.tobytes() for r in v),chunk(b'PLTE',bytes(range(10,25)))))
# jpeg
for s,n in ((0,'444'),(1,'422'),(2,'420')):
    save('jpeg-%s.jpg'%n,Image.fromarray(picture(71,53)),subsampling=s,quality=88)
save('jpeg-411.jpg',Image.fromarray(picture(71,53)),subsampling='4:1:1',quality=88)
save('jpeg-progressive.jpg',Image.fromarray(picture(60,75)),progressive=True,quality=80)
save('jpeg-grey.jpg',Image.fromarray(picture(60,47,1)),quality=85)
save('jpeg-cmyk.jpg',Image.fromarray(picture(50,41,4),'CMYK'),quality=90)
save('jpeg-low-quality.jpg',Image.fromarray(picture(75,60)),quality=12)
e=Image.Exif(); e[0x112]=6
save('jpeg-rotated-by-exif.jpg',Image.fromarray(picture(64,40)),exif=e,quality=90)
from PIL import ImageCms
save('jpeg-profile.jpg',Image.fromarray(picture(64,50)),icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile('LAB')).tobytes(),quality=90)
save('jpeg-bad-profile.jpg',Image.fromarray(picture(64,50)),icc_profile=b'no profile at all'*9,quality=90)
save('jpeg-kept-rgb.jpg',Image.fromarray(picture(64,50)),keep_rgb=True,quality=90)
save('jpeg-restart.jpg',Image.fromarray(picture(64,50)),restart_marker_rows=1,quality=90)
# YCCK: the CMYK file of four components, with Adobe's transform set to 2 (the numbers mean other colours then)
b=io.BytesIO(); Image.fromarray(picture(50,41,4),'CMYK').save(b,'JPEG',quality=90); d=bytearray(b.getvalue())
i=d.find(b'Adobe'); assert i>0; d[i+11]=2; raw('jpeg-ycck.jpg',bytes(d))
# no JFIF, no Adobe: components 1,2,3
b=io.BytesIO(); Image.fromarray(picture(70,51)).save(b,'JPEG',quality=90); d=b.getvalue()
assert d[2:4]==b'\xff\xe0'; l=struct.unpack('>H',d[4:6])[0]; raw('jpeg-no-jfif.jpg',d[:2]+d[4+l:])
# bytes between segments
raw('jpeg-stray-bytes.jpg',d[:4+l]+b'\0\0\0'+d[4+l:])
raw('jpeg-trailing.jpg',d+b'\0'*50)

# torchvision's Resize(n) and CenterCrop(n) on Pillow's images, by its rules.
def resize(img,size,filt):
    w,h=img.size
    short,long=(w,h) if w<=h else (h,w)
    new_short,new_long=size,int(size*long/short)
    new=(new_short,new_long) if w<=h else (new_long,new_short)
    return img if new==img.size else img.resize(new,filt)
def centre_crop(img,c):
    w,h=img.size
    if c>w or c>h:
        left,top=((c-w)//2 if c>w else 0),((c-h)//2 if c>h else 0)
        right,bottom=((c-w+1)//2 if c>w else 0),((c-h+1)//2 if c>h else 0)
        padded=Image.new(img.mode,(w+left+right,h+top+bottom)); padded.paste(img,(left,top)); img=padded
        w,h=img.size
    top=int(round((h-c)/2.0)); left=int(round((w-c)/2.0))
    return img.crop((left,top,left+c,top+c))
import gzip
F={'bilinear':Image.BILINEAR,'bicubic':Image.BICUBIC}
settings=[(24,16,'bilinear'),(24,17,'bicubic'),(50,45,'bicubic'),(20,32,'bilinear'),(0,25,'bicubic')]
for name in sorted(files):
    path=os.path.join(out,name)
    img=Image.open(path).convert('RGB')
    data=struct.pack('>II',*img.size)+np.array(img).tobytes()
    for r,c,f in settings:
        for mode in ('RGB','L') if c<20 else ('RGB',):
            i=Image.open(path).convert('RGB').convert(mode)
            o=np.array(centre_crop(resize(i,r,F[f]) if r else i,c))
            assert o.shape[:2]==(c,c)
            data+=(o.transpose(2,0,1) if o.ndim==3 else o).tobytes()
    with open(path+'.golden.gz','wb') as g: g.write(gzip.compress(data,9,mtime=0))
